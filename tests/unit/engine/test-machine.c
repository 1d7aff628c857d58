/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/machine.h"

#include "lib/error.h"

#include <string.h>

#define NOW 1795000000

/* One transition: an order in a state and step learns a fact, and goes somewhere. */
typedef struct
{
  const char *state, *step;
  ChFactKind fact;
  int detail;               /* ChCaStatus, or ChError of a failure; 0 else */
  const char *to_state, *to_step;
  enum { AT_NEVER, AT_NOW, AT_LATER, AT_SAME } due;
  const char *flags;        /* c: cancel is wanted before · p: placed before · v: value known · f: failed before
                               · o: begun a while ago · l: the value is lost · b: by hand · u: under way
                               · i: has a certificate · m: imported · r: a reissue · t: what is told is about the certificate in force
                               · F: proven by a file · M: by mail · S: by the CA's staff · a: to be placed anew · y: the value is old
                               > C: cancel still wanted · A: still to be placed anew · N: new attempt · X: clean up · E: an event · R: ends the reissue */
} Row;

static const Row rows[] = {
  { "queued", "make-key", CH_FACT_KEY_MADE, 0, "queued", "submit", AT_NOW, "" },
  { "queued", "make-key", CH_FACT_FAILED, CH_ERROR_VAULT, "queued", "make-key", AT_LATER, "" },
  { "queued", "make-key", CH_FACT_FAILED, CH_ERROR_INVALID, "failed", "none", AT_NEVER, ">XE" },

  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "validating", "follow", AT_NOW, ">E" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "validating", "follow", AT_NOW, "b>E" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_HELD, "vetting", "track", AT_LATER, ">E" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_ISSUED, "validating", "fetch", AT_NOW, ">E" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "l>E" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_REJECTED, "rejected", "none", AT_NEVER, ">XE" },

  /* lost answers and crashes: never sent twice without looking */
  { "submitting", "submit", CH_FACT_STARTED, 0, "submitting", "find", AT_NOW, "u" },
  { "queued", "submit", CH_FACT_STARTED, 0, "queued", "submit", AT_SAME, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_UNKNOWN_OUTCOME, "submitting", "find", AT_NOW, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_BAD_ANSWER, "submitting", "find", AT_NOW, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_TRANSIENT, "submitting", "find", AT_NOW, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_FAILED, "submitting", "find", AT_NOW, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_STORE, "queued", "submit", AT_LATER, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_NO_SPACE, "queued", "submit", AT_LATER, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_UNREACHABLE, "queued", "submit", AT_LATER, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_MONEY, "queued", "submit", AT_LATER, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_CREDENTIALS, "queued", "submit", AT_LATER, "" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_CA_REFUSED, "failed", "none", AT_NEVER, ">XE" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_CANCELLED, "submitting", "submit", AT_SAME, "u" },
  { "submitting", "find", CH_FACT_NOT_FOUND, 0, "submitting", "find", AT_LATER, "" },
  { "submitting", "find", CH_FACT_NOT_FOUND, 0, "queued", "submit", AT_NOW, "o" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "validating", "follow", AT_NOW, "v>E" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_ISSUED, "validating", "fetch", AT_NOW, ">E" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_HELD, "vetting", "track", AT_LATER, ">E" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_CANCELLED, "queued", "submit", AT_NOW, ">NXE" },
  { "submitting", "find", CH_FACT_FAILED, CH_ERROR_UNREACHABLE, "submitting", "find", AT_LATER, "" },
  { "submitting", "withdraw", CH_FACT_WITHDRAWN, 0, "queued", "submit", AT_NOW, "p>NXE" },
  { "submitting", "withdraw", CH_FACT_FAILED, CH_ERROR_UNKNOWN_OUTCOME, "submitting", "find", AT_LATER, "p" },

  { "validating", "follow", CH_FACT_FOLLOWED, 0, "validating", "publish", AT_NOW, "p" },
  { "validating", "follow", CH_FACT_FAILED, CH_ERROR_CONFLICT, "validating", "follow", AT_LATER, "p" },
  { "validating", "follow", CH_FACT_STARTED, 0, "validating", "follow", AT_SAME, "pu" },
  { "validating", "publish", CH_FACT_PUBLISHED, 0, "validating", "propagate", AT_NOW, "p" },
  { "validating", "publish", CH_FACT_FAILED, CH_ERROR_ZONE_NOT_FOUND, "validating", "follow", AT_LATER, "p" },
  { "validating", "publish", CH_FACT_FAILED, CH_ERROR_TRANSIENT, "validating", "publish", AT_LATER, "p" },
  { "validating", "publish", CH_FACT_STARTED, 0, "validating", "publish", AT_SAME, "pu" },
  { "validating", "propagate", CH_FACT_NOT_SHOWN, 0, "validating", "propagate", AT_LATER, "p" },
  { "validating", "propagate", CH_FACT_SHOWN, 0, "validating", "check", AT_NOW, "p" },
  { "validating", "check", CH_FACT_FAILED, CH_ERROR_NOT_YET, "validating", "check", AT_LATER, "pv" },
  { "validating", "check", CH_FACT_FAILED, CH_ERROR_UNKNOWN_OUTCOME, "validating", "fetch", AT_LATER, "pv" },
  { "validating", "check", CH_FACT_FAILED, CH_ERROR_CA_REFUSED, "validating", "fetch", AT_LATER, "pv" },
  { "validating", "check", CH_FACT_STARTED, 0, "validating", "fetch", AT_NOW, "pvu" },
  { "validating", "check", CH_FACT_STARTED, 0, "validating", "check", AT_SAME, "pv" },
  { "validating", "fetch", CH_FACT_STATUS, CH_CA_WAITING, "validating", "check", AT_LATER, "pv" },
  { "validating", "fetch", CH_FACT_STATUS, CH_CA_CANCELLED, "cancelled", "none", AT_NEVER, "pv>XE" },
  { "validating", "fetch", CH_FACT_STATUS, CH_CA_REVOKED, "revoked", "none", AT_NEVER, "pv>XE" },

  { "vetting", "track", CH_FACT_UNCHANGED, 0, "vetting", "track", AT_LATER, "pv" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_HELD, "vetting", "track", AT_LATER, "pv" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_WAITING, "validating", "follow", AT_NOW, "pv" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "p" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "pv" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_REJECTED, "rejected", "none", AT_NEVER, "pv>XE" },

  /* imported: its value is nobody's here, and it is never withdrawn for that */
  { "validating", "track", CH_FACT_STATUS, CH_CA_WAITING, "validating", "track", AT_LATER, "pm" },
  { "validating", "fetch", CH_FACT_STATUS, CH_CA_WAITING, "validating", "track", AT_LATER, "pm" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_WAITING, "validating", "track", AT_LATER, "pm" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_WAITING, "validating", "follow", AT_NOW, "pvm" },
  { "validating", "track", CH_FACT_STATUS, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "pm" },
  { "validating", "track", CH_FACT_STATUS, CH_CA_CANCELLED, "cancelled", "none", AT_NEVER, "pm>XE" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "validating", "track", AT_LATER, "pm" },

  /* what somebody does elsewhere */
  { "issued", "none", CH_FACT_MENTIONED, CH_CA_REVOKED, "revoked", "none", AT_NEVER, "pi>XE" },
  { "issued", "none", CH_FACT_MENTIONED, CH_CA_CANCELLED, "cancelled", "none", AT_NEVER, "pi>XE" },
  { "issued", "none", CH_FACT_MENTIONED, CH_CA_ISSUED, "issued", "none", AT_SAME, "pi" },
  { "renewing", "none", CH_FACT_MENTIONED, CH_CA_REVOKED, "revoked", "none", AT_NEVER, "pi>XE" },
  { "reissuing", "publish", CH_FACT_MENTIONED, CH_CA_REVOKED, "revoked", "none", AT_NEVER, "rpit>XE" },
  { "reissuing", "publish", CH_FACT_MENTIONED, CH_CA_CANCELLED, "reissuing", "publish", AT_SAME, "rpi" },
  { "validating", "propagate", CH_FACT_MENTIONED, CH_CA_WAITING, "validating", "propagate", AT_SAME, "pv" },
  { "validating", "propagate", CH_FACT_MENTIONED, CH_CA_CANCELLED, "validating", "fetch", AT_NOW, "pv" },
  { "validating", "propagate", CH_FACT_MENTIONED, CH_CA_CANCELLED, "validating", "propagate", AT_SAME, "pvu" },
  { "queued", "submit", CH_FACT_MENTIONED, CH_CA_CANCELLED, "queued", "submit", AT_SAME, "" },

  /* files: looked for like records, by nobody but a person put there */
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "validating", "publish", AT_NOW, "F>E" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "Fl>E" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "F" },
  { "validating", "propagate", CH_FACT_NOT_SHOWN, 0, "validating", "propagate", AT_LATER, "Fp" },
  { "validating", "propagate", CH_FACT_NOT_SHOWN, 0, "validating", "propagate", AT_LATER, "Fpy" },
  { "validating", "propagate", CH_FACT_SHOWN, 0, "validating", "check", AT_NOW, "Fp" },
  { "validating", "propagate", CH_FACT_PROVE_ASKED, 0, "validating", "publish", AT_NOW, "Fp" },
  { "validating", "publish", CH_FACT_PUBLISHED, 0, "validating", "propagate", AT_NOW, "Fp" },
  { "validating", "publish", CH_FACT_FAILED, CH_ERROR_EXISTS, "validating", "publish", AT_LATER, "Fp" },
  { "validating", "publish", CH_FACT_TAKEN, 0, "validating", "publish", AT_LATER, "Fp" },
  { "validating", "publish", CH_FACT_TURN_OVER, 0, "validating", "publish", AT_LATER, "Fp" },
  { "validating", "propagate", CH_FACT_TURN_OVER, 0, "validating", "publish", AT_LATER, "Fp" },
  { "validating", "check", CH_FACT_TURN_OVER, 0, "validating", "publish", AT_LATER, "Fp" },
  { "vetting", "track", CH_FACT_TURN_OVER, 0, "vetting", "track", AT_SAME, "Fp" },
  { "failed", "none", CH_FACT_RETRY_ASKED, 0, "validating", "publish", AT_NOW, "Fpv" },

  /* mails and staff: the CA tells no value, so nothing is lost with an answer; others do their part */
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "validating", "track", AT_LATER, "Ml>E" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_HELD, "vetting", "track", AT_LATER, "Ml>E" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "validating", "track", AT_LATER, "M>E" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "submitting", "cancel", AT_NOW, "Mc>C" },
  { "validating", "track", CH_FACT_UNCHANGED, 0, "validating", "track", AT_LATER, "Mp" },
  { "validating", "track", CH_FACT_STATUS, CH_CA_WAITING, "validating", "track", AT_LATER, "Mp" },
  { "validating", "track", CH_FACT_STATUS, CH_CA_WAITING, "validating", "track", AT_LATER, "Mpv" },
  { "validating", "track", CH_FACT_STATUS, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "Mp" },
  { "validating", "track", CH_FACT_STATUS, CH_CA_REJECTED, "rejected", "none", AT_NEVER, "Mp>XE" },
  { "validating", "track", CH_FACT_FAILED, CH_ERROR_UNREACHABLE, "validating", "track", AT_LATER, "Mp" },
  { "validating", "fetch", CH_FACT_STATUS, CH_CA_WAITING, "validating", "track", AT_LATER, "Mp" },
  { "validating", "track", CH_FACT_PROVE_ASKED, 0, "validating", "track", AT_SAME, "Mp" },
  { "failed", "none", CH_FACT_RETRY_ASKED, 0, "validating", "track", AT_LATER, "Mp" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "vetting", "track", AT_LATER, "Sl>E" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "vetting", "track", AT_LATER, "S>E" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_WAITING, "vetting", "track", AT_LATER, "Sp" },
  { "vetting", "track", CH_FACT_STATUS, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "Sp" },
  { "reissuing", "submit", CH_FACT_PLACED, CH_CA_WAITING, "reissuing", "track", AT_LATER, "rMl>E" },
  { "reissuing", "find", CH_FACT_FOUND, CH_CA_WAITING, "reissuing", "track", AT_LATER, "rS>E" },
  { "reissuing", "find", CH_FACT_FOUND_OTHERS, CH_CA_ISSUED, "reissuing", "fetch", AT_NOW, "r>E" },
  { "reissuing", "find", CH_FACT_FOUND_OTHERS, CH_CA_ISSUED, "reissuing", "fetch", AT_NOW, "rc>E" },
  { "reissuing", "find", CH_FACT_FOUND_OTHERS, CH_CA_WAITING, "issued", "none", AT_NEVER, "r>XRE" },
  { "reissuing", "find", CH_FACT_FOUND_OTHERS, CH_CA_WAITING, "issued", "none", AT_NEVER, "rc>XRE" },

  /* the value goes elsewhere */
  { "validating", "follow", CH_FACT_PROVE_ASKED, 0, "validating", "follow", AT_NOW, "pv" },
  { "validating", "publish", CH_FACT_PROVE_ASKED, 0, "validating", "follow", AT_NOW, "pv" },
  { "validating", "propagate", CH_FACT_PROVE_ASKED, 0, "validating", "follow", AT_NOW, "pvb" },
  { "validating", "check", CH_FACT_PROVE_ASKED, 0, "validating", "follow", AT_NOW, "pv" },
  { "validating", "check", CH_FACT_PROVE_ASKED, 0, "validating", "check", AT_SAME, "pvu" },
  { "vetting", "track", CH_FACT_PROVE_ASKED, 0, "vetting", "track", AT_SAME, "pv" },
  { "queued", "submit", CH_FACT_PROVE_ASKED, 0, "queued", "submit", AT_SAME, "" },

  /* placed anew: never two living orders at the CA, and what is issued meanwhile is kept */
  { "queued", "make-key", CH_FACT_ANEW_ASKED, 0, "queued", "make-key", AT_NOW, "" },
  { "queued", "submit", CH_FACT_ANEW_ASKED, 0, "queued", "submit", AT_NOW, "" },
  { "submitting", "submit", CH_FACT_ANEW_ASKED, 0, "submitting", "submit", AT_SAME, "u>A" },
  { "submitting", "find", CH_FACT_ANEW_ASKED, 0, "submitting", "find", AT_NOW, ">A" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "a>A" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_HELD, "submitting", "withdraw", AT_NOW, "a>A" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "a>AE" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_UNREACHABLE, "queued", "submit", AT_LATER, "a" },
  { "submitting", "submit", CH_FACT_FAILED, CH_ERROR_UNKNOWN_OUTCOME, "submitting", "find", AT_NOW, "a>A" },
  { "submitting", "submit", CH_FACT_STARTED, 0, "submitting", "find", AT_NOW, "ua>A" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "av>A" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "aM>A" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "a>AE" },
  { "submitting", "find", CH_FACT_NOT_FOUND, 0, "queued", "submit", AT_NOW, "ao" },
  { "submitting", "withdraw", CH_FACT_WITHDRAWN, 0, "queued", "submit", AT_NOW, "ap>NXE" },
  { "submitting", "withdraw", CH_FACT_FAILED, CH_ERROR_UNKNOWN_OUTCOME, "submitting", "find", AT_LATER, "ap>A" },
  { "submitting", "withdraw", CH_FACT_CANCEL_ASKED, 0, "submitting", "find", AT_NOW, "ap>CA" },
  { "validating", "publish", CH_FACT_ANEW_ASKED, 0, "submitting", "withdraw", AT_NOW, "pv>A" },
  { "validating", "propagate", CH_FACT_ANEW_ASKED, 0, "submitting", "withdraw", AT_NOW, "pvF>A" },
  { "validating", "check", CH_FACT_ANEW_ASKED, 0, "submitting", "withdraw", AT_NOW, "pv>A" },
  { "validating", "check", CH_FACT_ANEW_ASKED, 0, "validating", "check", AT_SAME, "pvu>A" },
  { "validating", "check", CH_FACT_STATUS, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "pva>A" },
  { "validating", "check", CH_FACT_FAILED, CH_ERROR_NOT_YET, "submitting", "withdraw", AT_NOW, "pva>A" },
  { "validating", "fetch", CH_FACT_STATUS, CH_CA_WAITING, "submitting", "withdraw", AT_NOW, "pva>A" },
  { "validating", "fetch", CH_FACT_STATUS, CH_CA_CANCELLED, "cancelled", "none", AT_NEVER, "pva>XE" },
  { "validating", "track", CH_FACT_ANEW_ASKED, 0, "submitting", "withdraw", AT_NOW, "pM>A" },
  { "validating", "track", CH_FACT_ANEW_ASKED, 0, "validating", "track", AT_SAME, "pMu>A" },
  { "validating", "track", CH_FACT_UNCHANGED, 0, "submitting", "withdraw", AT_NOW, "pMa>A" },
  { "vetting", "track", CH_FACT_ANEW_ASKED, 0, "submitting", "withdraw", AT_NOW, "pv>A" },
  { "validating", "cancel", CH_FACT_CANCELLED, 0, "cancelled", "none", AT_NEVER, "cpva>XE" },
  { "issued", "none", CH_FACT_ANEW_ASKED, 0, "issued", "none", AT_SAME, "p" },
  { "cancelled", "none", CH_FACT_ANEW_ASKED, 0, "cancelled", "none", AT_SAME, "p" },

  /* a value that grew old: a fresh one by itself, where a person has nothing to do for it */
  { "validating", "propagate", CH_FACT_NOT_SHOWN, 0, "submitting", "withdraw", AT_NOW, "pvy>A" },
  { "validating", "propagate", CH_FACT_NOT_SHOWN, 0, "validating", "propagate", AT_LATER, "pvyb" },
  { "validating", "propagate", CH_FACT_SHOWN, 0, "validating", "check", AT_NOW, "pvy" },
  { "validating", "check", CH_FACT_FAILED, CH_ERROR_NOT_YET, "submitting", "withdraw", AT_NOW, "pvy>A" },
  { "validating", "check", CH_FACT_FAILED, CH_ERROR_NOT_YET, "validating", "check", AT_LATER, "pvyb" },
  { "reissuing", "propagate", CH_FACT_NOT_SHOWN, 0, "reissuing", "propagate", AT_LATER, "rpvy" },

  /* asked beside the steps */
  { "validating", "propagate", CH_FACT_VERIFIED, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "pv" },
  { "validating", "propagate", CH_FACT_VERIFIED, CH_CA_WAITING, "validating", "propagate", AT_SAME, "pv" },
  { "validating", "publish", CH_FACT_VERIFIED, CH_CA_CANCELLED, "validating", "fetch", AT_NOW, "pv" },
  { "validating", "check", CH_FACT_VERIFIED, CH_CA_HELD, "vetting", "track", AT_LATER, "pv" },
  { "validating", "track", CH_FACT_VERIFIED, CH_CA_ISSUED, "validating", "fetch", AT_NOW, "Mp" },
  { "validating", "fetch", CH_FACT_VERIFIED, CH_CA_ISSUED, "validating", "fetch", AT_SAME, "pv" },
  { "queued", "submit", CH_FACT_VERIFIED, CH_CA_ISSUED, "queued", "submit", AT_SAME, "" },

  /* cancelling, wherever it stands */
  { "queued", "make-key", CH_FACT_CANCEL_ASKED, 0, "cancelled", "none", AT_NEVER, ">XE" },
  { "queued", "submit", CH_FACT_CANCEL_ASKED, 0, "cancelled", "none", AT_NEVER, ">XE" },
  { "submitting", "submit", CH_FACT_CANCEL_ASKED, 0, "submitting", "find", AT_NOW, "u>C" },
  { "submitting", "find", CH_FACT_NOT_FOUND, 0, "submitting", "find", AT_LATER, "c>C" },
  { "submitting", "find", CH_FACT_NOT_FOUND, 0, "cancelled", "none", AT_NEVER, "co>XE" },
  { "submitting", "find", CH_FACT_FOUND, CH_CA_WAITING, "submitting", "cancel", AT_NOW, "c>C" },
  { "submitting", "submit", CH_FACT_PLACED, CH_CA_WAITING, "submitting", "cancel", AT_NOW, "c>C" },
  { "validating", "propagate", CH_FACT_CANCEL_ASKED, 0, "validating", "cancel", AT_NOW, "pv>C" },
  { "validating", "cancel", CH_FACT_CANCELLED, 0, "cancelled", "none", AT_NEVER, "cpv>XE" },
  { "validating", "cancel", CH_FACT_FAILED, CH_ERROR_UNREACHABLE, "validating", "cancel", AT_LATER, "cpv>C" },
  { "validating", "cancel", CH_FACT_FAILED, CH_ERROR_CA_REFUSED, "validating", "fetch", AT_NOW, "cpv>E" },
  { "issued", "none", CH_FACT_CANCEL_ASKED, 0, "issued", "cancel", AT_NOW, "pv>C" },
  { "issued", "cancel", CH_FACT_FAILED, CH_ERROR_CA_REFUSED, "issued", "none", AT_NEVER, "cpv>E" },
  { "cancelled", "none", CH_FACT_CANCEL_ASKED, 0, "cancelled", "none", AT_SAME, "p" },

  /* a reissue: the same way, and the order stays what it was */
  { "reissuing", "make-key", CH_FACT_KEY_MADE, 0, "reissuing", "submit", AT_NOW, "r" },
  { "reissuing", "make-key", CH_FACT_FAILED, CH_ERROR_INVALID, "issued", "none", AT_NEVER, "r>XER" },
  { "reissuing", "submit", CH_FACT_STARTED, 0, "reissuing", "submit", AT_SAME, "r" },
  { "reissuing", "submit", CH_FACT_STARTED, 0, "reissuing", "find", AT_NOW, "ru" },
  { "reissuing", "submit", CH_FACT_PLACED, CH_CA_ISSUED, "reissuing", "fetch", AT_NOW, "r>E" },
  { "reissuing", "submit", CH_FACT_PLACED, CH_CA_WAITING, "reissuing", "follow", AT_NOW, "r>E" },
  { "reissuing", "submit", CH_FACT_PLACED, CH_CA_WAITING, "reissuing", "track", AT_LATER, "rl>E" },
  { "reissuing", "submit", CH_FACT_PLACED, CH_CA_HELD, "reissuing", "track", AT_LATER, "r>E" },
  { "reissuing", "submit", CH_FACT_FAILED, CH_ERROR_UNKNOWN_OUTCOME, "reissuing", "find", AT_NOW, "r" },
  { "reissuing", "submit", CH_FACT_FAILED, CH_ERROR_UNREACHABLE, "reissuing", "submit", AT_LATER, "r" },
  { "reissuing", "submit", CH_FACT_FAILED, CH_ERROR_CA_REFUSED, "issued", "none", AT_NEVER, "r>XER" },
  { "reissuing", "find", CH_FACT_FOUND, CH_CA_ISSUED, "reissuing", "fetch", AT_NOW, "r>E" },
  { "reissuing", "find", CH_FACT_FOUND, CH_CA_WAITING, "reissuing", "withdraw", AT_NOW, "r" },
  { "reissuing", "find", CH_FACT_NOT_FOUND, 0, "reissuing", "submit", AT_NOW, "ro" },
  { "reissuing", "withdraw", CH_FACT_WITHDRAWN, 0, "reissuing", "submit", AT_NOW, "rp>NXE" },
  { "reissuing", "publish", CH_FACT_PUBLISHED, 0, "reissuing", "propagate", AT_NOW, "rp" },
  { "reissuing", "propagate", CH_FACT_SHOWN, 0, "reissuing", "check", AT_NOW, "rp" },
  { "reissuing", "check", CH_FACT_STARTED, 0, "reissuing", "fetch", AT_NOW, "rpvu" },
  { "reissuing", "check", CH_FACT_FAILED, CH_ERROR_NOT_YET, "reissuing", "check", AT_LATER, "rpv" },
  { "reissuing", "find", CH_FACT_FOUND, CH_CA_WAITING, "reissuing", "withdraw", AT_NOW, "rv" },
  { "reissuing", "track", CH_FACT_STATUS, CH_CA_ISSUED, "reissuing", "fetch", AT_NOW, "rp" },
  { "reissuing", "track", CH_FACT_STATUS, CH_CA_WAITING, "reissuing", "track", AT_LATER, "rp" },
  { "reissuing", "track", CH_FACT_STATUS, CH_CA_REJECTED, "issued", "none", AT_NEVER, "rp>XER" },
  { "reissuing", "fetch", CH_FACT_STATUS, CH_CA_CANCELLED, "issued", "none", AT_NEVER, "rpv>XER" },
  { "reissuing", "fetch", CH_FACT_STATUS, CH_CA_REVOKED, "issued", "none", AT_NEVER, "rpv>XER" },
  { "reissuing", "track", CH_FACT_STATUS, CH_CA_REVOKED, "revoked", "none", AT_NEVER, "rpt>XE" },
  { "reissuing", "make-key", CH_FACT_CANCEL_ASKED, 0, "issued", "none", AT_NEVER, "r>XER" },
  { "reissuing", "submit", CH_FACT_CANCEL_ASKED, 0, "issued", "none", AT_NEVER, "r>XER" },
  { "reissuing", "submit", CH_FACT_CANCEL_ASKED, 0, "reissuing", "find", AT_NOW, "ru>C" },
  { "reissuing", "propagate", CH_FACT_CANCEL_ASKED, 0, "reissuing", "cancel", AT_NOW, "rpv>C" },
  { "reissuing", "cancel", CH_FACT_CANCELLED, 0, "issued", "none", AT_NEVER, "rcpv>XER" },
  { "reissuing", "cancel", CH_FACT_FAILED, CH_ERROR_CA_REFUSED, "reissuing", "fetch", AT_NOW, "rcpv>E" },

  /* revoking: may be done again without harm */
  { "issued", "none", CH_FACT_REVOKE_ASKED, 0, "issued", "revoke", AT_NOW, "pv" },
  { "renewing", "none", CH_FACT_REVOKE_ASKED, 0, "renewing", "revoke", AT_NOW, "pv" },
  { "reissuing", "publish", CH_FACT_REVOKE_ASKED, 0, "reissuing", "publish", AT_SAME, "rp" },
  { "validating", "publish", CH_FACT_REVOKE_ASKED, 0, "validating", "publish", AT_SAME, "p" },
  { "issued", "revoke", CH_FACT_STARTED, 0, "issued", "revoke", AT_SAME, "pvu" },
  { "issued", "revoke", CH_FACT_REVOKED, 0, "revoked", "none", AT_NEVER, "pv>XE" },
  { "issued", "revoke", CH_FACT_FAILED, CH_ERROR_UNREACHABLE, "issued", "revoke", AT_LATER, "pv" },
  { "issued", "revoke", CH_FACT_FAILED, CH_ERROR_UNKNOWN_OUTCOME, "issued", "revoke", AT_LATER, "pv" },
  { "issued", "revoke", CH_FACT_FAILED, CH_ERROR_CA_REFUSED, "issued", "none", AT_NEVER, "pv>E" },
  { "revoked", "none", CH_FACT_REVOKE_ASKED, 0, "revoked", "none", AT_SAME, "pv" },

  /* the end */
  { "issued", "none", CH_FACT_ENDED, 0, "expired", "none", AT_NEVER, "pv>XE" },
  { "renewing", "none", CH_FACT_ENDED, 0, "expired", "none", AT_NEVER, "pv>XE" },
  { "reissuing", "publish", CH_FACT_ENDED, 0, "reissuing", "publish", AT_SAME, "rp" },
  { "issued", "revoke", CH_FACT_ENDED, 0, "issued", "revoke", AT_SAME, "pv" },
  { "revoked", "none", CH_FACT_ENDED, 0, "revoked", "none", AT_SAME, "pv" },

  /* retrying */
  { "queued", "submit", CH_FACT_RETRY_ASKED, 0, "queued", "submit", AT_NOW, "f" },
  { "submitting", "submit", CH_FACT_RETRY_ASKED, 0, "submitting", "submit", AT_SAME, "u" },
  { "validating", "check", CH_FACT_RETRY_ASKED, 0, "validating", "check", AT_SAME, "pvu" },
  { "failed", "none", CH_FACT_RETRY_ASKED, 0, "queued", "make-key", AT_NOW, "" },
  { "failed", "none", CH_FACT_RETRY_ASKED, 0, "validating", "follow", AT_NOW, "pv" },

  /* facts that do not belong to the step change nothing */
  { "issued", "none", CH_FACT_NOT_FOUND, 0, "issued", "none", AT_SAME, "pv" },
  { "validating", "publish", CH_FACT_SHOWN, 0, "validating", "publish", AT_SAME, "pv" },
};

static gboolean
has (const char *flags,
     char        flag,
     gboolean    after)
{
  const char *arrow = strchr (flags, '>');
  const char *found = strchr (flags, flag);

  return found != NULL && (after ? arrow != NULL && found > arrow : arrow == NULL || found < arrow);
}

static int
value_of (GType       type,
          const char *nick)
{
  int value = -1;

  g_assert_true (ch_from_nick (type, nick, &value, NULL));
  return value;
}

static void
check_due (const Row    *row,
           const ChMove *move,
           gint64        before)
{
  switch (row->due)
    {
    case AT_NEVER: g_assert_cmpint (move->due, ==, 0); break;
    case AT_NOW: g_assert_cmpint (move->due, ==, NOW); break;
    case AT_LATER: g_assert_cmpint (move->due, >, NOW); break;
    case AT_SAME: g_assert_cmpint (move->due, ==, before); break;
    default: g_assert_not_reached ();
    }
}

static void
test_transition (gconstpointer data)
{
  const Row *row = data;
  const char *names[] = { "www.example.test", NULL };
  ChOrder order = {
    .id = 7, .names = (char **) names,
    .state = value_of (CH_TYPE_ORDER_STATE, row->state),
    .step = value_of (CH_TYPE_ORDER_STEP, row->step),
    .due = has (row->flags, 'u', FALSE) ? 0 : NOW - 5,
    .failures = has (row->flags, 'f', FALSE) ? 1 : 0,
    .state_since = has (row->flags, 'o', FALSE) ? NOW - 60 : NOW,
    .cancel_wanted = has (row->flags, 'c', FALSE),
    .ca_order = (char *) (has (row->flags, 'p', FALSE) ? "CEAP1" : NULL),
    .issued_at = has (row->flags, 'i', FALSE) ? NOW - 500 : 0,
    .imported_at = has (row->flags, 'm', FALSE) ? NOW - 400 : 0,
    .reissues_ca = (char *) (has (row->flags, 'r', FALSE) ? "CEAP0" : NULL),
    .anew = has (row->flags, 'a', FALSE),
    .product = has (row->flags, 'S', FALSE) ? CH_PRODUCT_ORGANIZATIONSSL : CH_PRODUCT_DOMAINSSL,
    .method = has (row->flags, 'F', FALSE) ? CH_DCV_METHOD_HTTP : has (row->flags, 'M', FALSE) ? CH_DCV_METHOD_EMAIL : CH_DCV_METHOD_DNS,
    .dns_account_id = has (row->flags, 'b', FALSE) || has (row->flags, 'F', FALSE) ? 0 : 3,
  };
  gboolean told = row->fact == CH_FACT_PLACED && !has (row->flags, 'l', FALSE);
  ChCaOrder ca = { .ca_order = (char *) (has (row->flags, 't', FALSE) ? "CEAP0" : "CEAP1"), .status = row->detail };
  g_autoptr(GError) error = row->fact == CH_FACT_FAILED ? g_error_new_literal (CH_ERROR, row->detail, "It did not work") : NULL;
  gboolean tells_ca = row->fact == CH_FACT_PLACED || row->fact == CH_FACT_FOUND || row->fact == CH_FACT_FOUND_OTHERS || row->fact == CH_FACT_STATUS
                     || row->fact == CH_FACT_MENTIONED || row->fact == CH_FACT_VERIFIED;
  ChFact fact = {
    .kind = row->fact, .error = error, .ca = tells_ca ? &ca : NULL, .text = "ns1 does not show it",
    .has_challenge = told || has (row->flags, 'v', FALSE),
    .is_stale = has (row->flags, 'y', FALSE),
  };
  g_auto(ChMove) move = ch_machine_next (&order, &fact, NOW);

  g_assert_cmpstr (ch_nick (CH_TYPE_ORDER_STATE, move.state), ==, row->to_state);
  g_assert_cmpstr (ch_nick (CH_TYPE_ORDER_STEP, move.step), ==, row->to_step);
  check_due (row, &move, order.due);
  g_assert_cmpint (move.cancel_wanted, ==, has (row->flags, 'C', TRUE));
  g_assert_cmpint (move.anew, ==, has (row->flags, 'A', TRUE));
  g_assert_cmpint (move.new_attempt, ==, has (row->flags, 'N', TRUE));
  g_assert_cmpint (move.clean, ==, has (row->flags, 'X', TRUE));
  g_assert_cmpint (move.event != NULL, ==, has (row->flags, 'E', TRUE));
  g_assert_cmpint (move.ends_reissue, ==, has (row->flags, 'R', TRUE));
  if (error != NULL && row->detail != CH_ERROR_CANCELLED && !g_str_equal (row->to_step, "withdraw"))
    g_assert_nonnull (strstr (move.reason, "It did not work"));
}

/* The certificate itself decides between "issued" and "ask again". */
static void
test_issued (void)
{
  const char *names[] = { "www.example.test", NULL };
  ChOrder order = { .id = 7, .names = (char **) names, .state = CH_ORDER_STATE_VALIDATING, .step = CH_ORDER_STEP_CHECK,
                    .ca_order = (char *) "CEAP1", .dns_account_id = 3, .failures = 4 };
  ChCaOrder ca = { .ca_order = (char *) "CEAP1", .status = CH_CA_ISSUED };
  ChFact fact = { .kind = CH_FACT_STATUS, .ca = &ca, .has_challenge = TRUE };
  g_auto(ChMove) without = ch_machine_next (&order, &fact, NOW);

  g_assert_cmpint (without.step, ==, CH_ORDER_STEP_FETCH);
  g_assert_false (without.clean);

  ca.certificate = (char *) "PEM";
  g_auto(ChMove) with = ch_machine_next (&order, &fact, NOW);
  g_assert_cmpint (with.state, ==, CH_ORDER_STATE_ISSUED);
  g_assert_cmpint (with.step, ==, CH_ORDER_STEP_NONE);
  g_assert_cmpint (with.due, ==, 0);
  g_assert_cmpint (with.failures, ==, 0);
  g_assert_true (with.clean);
  g_assert_cmpstr (with.event, ==, "order.issued");

  order.state = CH_ORDER_STATE_REISSUING;
  order.reissues_ca = (char *) "CEAP0";
  g_auto(ChMove) again = ch_machine_next (&order, &fact, NOW);
  g_assert_cmpint (again.state, ==, CH_ORDER_STATE_ISSUED);
  g_assert_false (again.ends_reissue);
  g_assert_cmpstr (again.event, ==, "order.reissued");
}

/* Whatever comes, an order that has ended does nothing by itself, and one that has a step has a time for it. */
static void
test_no_dead_ends (void)
{
  const char *names[] = { "www.example.test", NULL };

  for (int state = CH_ORDER_STATE_QUEUED; state <= CH_ORDER_STATE_FAILED; state++)
    for (int step = CH_ORDER_STEP_NONE; step <= CH_ORDER_STEP_CANCEL; step++)
      for (int kind = CH_FACT_STARTED; kind <= CH_FACT_VERIFIED; kind++)
        for (int status = CH_CA_WAITING; status <= CH_CA_REVOKED; status++)
          {
            ChOrder order = { .id = 7, .names = (char **) names, .state = state, .step = step, .due = NOW - 1,
                              .ca_order = (char *) "CEAP1", .dns_account_id = 3 };
            ChCaOrder ca = { .ca_order = (char *) "CEAP1", .status = status, .certificate = (char *) "PEM" };
            g_autoptr(GError) error = g_error_new_literal (CH_ERROR, CH_ERROR_TRANSIENT, "Later");
            ChFact fact = { .kind = kind, .ca = &ca, .error = error, .text = "text", .has_challenge = TRUE };
            g_auto(ChMove) move = ch_machine_next (&order, &fact, NOW);
            gboolean moved = move.state != order.state || move.step != order.step;

            if (moved && move.step != CH_ORDER_STEP_NONE)
              g_assert_cmpint (move.due, >, 0);
            if (moved && ch_order_state_is_final (move.state))
              g_assert_cmpint (move.step, ==, CH_ORDER_STEP_NONE);
          }
}

/* What was there may have been taken away: when it was waited for long enough, it is put there again, and after some
 * checks in vain, it is looked for again. */
static void
test_goes_back (void)
{
  const char *names[] = { "www.example.test", NULL };
  ChOrder order = { .id = 7, .names = (char **) names, .state = CH_ORDER_STATE_VALIDATING, .due = NOW,
                    .step = CH_ORDER_STEP_PROPAGATE, .ca_order = (char *) "CEAP1", .dns_account_id = 3, .failures = 9 };
  g_autoptr(GError) error = g_error_new_literal (CH_ERROR, CH_ERROR_NOT_YET, "Not seen");
  ChFact fact = { .kind = CH_FACT_NOT_SHOWN, .text = "ns1 does not show it", .has_challenge = TRUE, .error = error };
  g_auto(ChMove) waits = ch_machine_next (&order, &fact, NOW);
  g_assert_cmpint (waits.step, ==, CH_ORDER_STEP_PROPAGATE);

  fact.due = NOW + 2;
  g_auto(ChMove) at_most = ch_machine_next (&order, &fact, NOW);
  g_assert_cmpint (at_most.due, ==, NOW + 2);

  fact.due = 0;
  fact.overdue = TRUE;
  g_auto(ChMove) again = ch_machine_next (&order, &fact, NOW);
  g_assert_cmpint (again.step, ==, CH_ORDER_STEP_FOLLOW);
  g_assert_cmpint (again.due, >, NOW);
  fact.overdue = FALSE;

  order.dns_account_id = 0;
  g_auto(ChMove) by_hand = ch_machine_next (&order, &fact, NOW);
  g_assert_cmpint (by_hand.step, ==, CH_ORDER_STEP_FOLLOW);

  order.step = CH_ORDER_STEP_CHECK;
  order.failures = 4;
  fact.kind = CH_FACT_FAILED;
  g_auto(ChMove) look = ch_machine_next (&order, &fact, NOW);
  g_assert_cmpint (look.step, ==, CH_ORDER_STEP_PROPAGATE);
}

/* A CA whose answers are always lost is asked ever more rarely. */
static void
test_slows_down (void)
{
  const char *names[] = { "www.example.test", NULL };
  ChOrder order = { .id = 7, .names = (char **) names, .state = CH_ORDER_STATE_SUBMITTING, .state_since = NOW - 60,
                    .step = CH_ORDER_STEP_FIND, .failures = 6, .attempt = 5 };
  ChFact not_found = { .kind = CH_FACT_NOT_FOUND }, withdrawn = { .kind = CH_FACT_WITHDRAWN };
  g_auto(ChMove) again = ch_machine_next (&order, &not_found, NOW);

  g_assert_cmpint (again.step, ==, CH_ORDER_STEP_SUBMIT);
  g_assert_cmpint (again.due, >, NOW + 60);
  g_assert_cmpuint (again.failures, ==, 6);

  order.step = CH_ORDER_STEP_WITHDRAW;
  g_auto(ChMove) anew = ch_machine_next (&order, &withdrawn, NOW);
  g_assert_cmpint (anew.due, >, NOW + 60);
}

static void
test_backoff (void)
{
  for (guint failures = 1; failures < 40; failures++)
    {
      gint64 wait = ch_backoff (failures, 5, 900, 42);
      gint64 exact = failures > 8 ? 900 : MIN ((gint64) 5 << (failures - 1), 900);

      g_assert_cmpint (wait, >=, exact - exact / 5);
      g_assert_cmpint (wait, <=, exact + exact / 5);
      g_assert_cmpint (wait, ==, ch_backoff (failures, 5, 900, 42));
    }

  g_assert_cmpint (ch_backoff (9, 5, 900, 1), !=, ch_backoff (9, 5, 900, 2));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/machine/%02" G_GSIZE_FORMAT "-%s-%s-fact-%d-%d", i, rows[i].state, rows[i].step,
                                               rows[i].fact, rows[i].detail);
      g_test_add_data_func (path, &rows[i], test_transition);
    }
  g_test_add_func ("/machine/issued", test_issued);
  g_test_add_func ("/machine/no-dead-ends", test_no_dead_ends);
  g_test_add_func ("/machine/goes-back", test_goes_back);
  g_test_add_func ("/machine/slows-down", test_slows_down);
  g_test_add_func ("/machine/backoff", test_backoff);
  return g_test_run ();
}
