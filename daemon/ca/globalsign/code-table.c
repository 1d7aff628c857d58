/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codes.h"

#include <glib/gi18n.h>

/* docs/globalsign.md, Errors (the list of the API guide 4.9, of the MSSL gateway, and recordings). Whether something
 * may be tried again, and whether it is the account that is to blame, follows from the kind of error; what a person
 * can do is in the sentence. */

#define LATER N_("GlobalSign has trouble of its own; it is tried again later")
#define MISSING \
  N_("GlobalSign misses a value in the request; look at the field that it names, in the order, its profiles or the account")
#define NO_RECORD N_("GlobalSign does not see the TXT record yet; it is asked again until it does")
#define VOUCHER N_("GlobalSign does not accept the coupon or campaign; order without it, or with another one")
#define FUNDS \
  N_("The balance of the GlobalSign account is too low; add funds in the GlobalSign portal, then try again")
#define NO_ORDER N_("GlobalSign knows no such order; check the number, and that the account is the one that ordered it")
#define NO_SOA \
  N_("GlobalSign finds no SOA record of the domain; check that its name servers answer the internet")
#define NOT_ALLOWED N_("GlobalSign issues no certificate for this top-level domain or country; leave the name out")
#define WEAK_KEY \
  N_("GlobalSign does not accept this key; order with RSA of 2048 bits or more, P-256 or P-384")
#define DATES \
  N_("GlobalSign does not accept the dates of the certificate that were asked for; choose others, or none")
#define MANAGED N_("This needs GlobalSign's Managed SSL service; order through an account that has it, or another product")
#define SANS N_("GlobalSign does not accept a further name of the order; leave it out, or order it by itself")
#define SUPPORT N_("GlobalSign cannot process the request; ask its support, and name the code")
#define OTHERS N_("This belongs to another GlobalSign account; use the one that it belongs to")

const ChGsCode ch_gs_codes[] = {
  /* ---- GlobalSign's own trouble ---- */
  { -1, CH_ERROR_TRANSIENT, LATER },
  { -201, CH_ERROR_TRANSIENT, LATER },
  { -300, CH_ERROR_TRANSIENT, LATER },
  { -301, CH_ERROR_TRANSIENT, LATER },
  { -3013, CH_ERROR_TRANSIENT, LATER },
  { -3019, CH_ERROR_TRANSIENT, LATER },
  { -9942, CH_ERROR_TRANSIENT, LATER },
  /* at the issue: a further check can do it */
  { -9943, CH_ERROR_TRANSIENT, LATER },
  /* a warning by itself; as a failure it may hide an order */
  { -2001, CH_ERROR_TRANSIENT, N_("GlobalSign could not send its mail about the order; check the contact's address") },

  /* ---- the request ---- */
  { -101, CH_ERROR_CA_REFUSED,
    N_("GlobalSign refused a value of the request; look at the field that it names, in the order, its profiles or "
       "the account") },
  { -102, CH_ERROR_CA_REFUSED, MISSING },
  { -103, CH_ERROR_CA_REFUSED,
    N_("GlobalSign refused a value of the request as too long, too short or unknown; look at the field that it names") },
  { -104, CH_ERROR_CA_REFUSED,
    N_("GlobalSign refused the form of a value of the request; look at the field that it names") },
  { -105, CH_ERROR_CA_REFUSED,
    N_("GlobalSign refused the combination of values in the request; change product, names or options") },
  { -109, CH_ERROR_CA_REFUSED, MISSING },
  { -9100, CH_ERROR_CA_REFUSED, SUPPORT },

  /* ---- proof of control ---- */
  { -3002, CH_ERROR_CA_REFUSED,
    N_("GlobalSign finds no registration of the domain; check its spelling, and that it is registered") },
  { -3012, CH_ERROR_NOT_YET, NO_RECORD },
  { -3022, CH_ERROR_NOT_YET, NO_SOA },
  { -3025, CH_ERROR_NOT_YET, NO_SOA },
  { -3026, CH_ERROR_NOT_YET, NO_RECORD },
  { -4009, CH_ERROR_INVALID,
    N_("GlobalSign sends no approval to this e-mail address; choose one from its list") },
  { -4147, CH_ERROR_NOT_YET,
    N_("GlobalSign does not see the validation value yet; the file must be reachable from everywhere, and hold "
       "nothing else") },
  { -9152, CH_ERROR_CA_REFUSED,
    N_("GlobalSign does not accept the address of the validation file; it is http:// or https:// and a host of the order") },

  /* ---- the account ---- */
  { -4001, CH_ERROR_CREDENTIALS,
    N_("GlobalSign does not know this user and password; check both (test and production have different "
       "ones)") },
  { -4201, CH_ERROR_FORBIDDEN,
    N_("GlobalSign does not allow the address of this machine; add its public address to the account's API "
       "allow-list in the GlobalSign portal, or ask GlobalSign to add it") },
  { -9200, CH_ERROR_FORBIDDEN,
    N_("This user may not use the API for this; ask GlobalSign to enable the API for the user, or use "
       "another one") },
  { -9403, CH_ERROR_FORBIDDEN,
    N_("GlobalSign's Managed SSL service is not active for this user; ask GlobalSign to activate it, or use another user") },
  { -9901, CH_ERROR_FORBIDDEN,
    N_("This product is not enabled for the account; ask GlobalSign to enable it, or order another "
       "product") },
  { -9939, CH_ERROR_FORBIDDEN,
    N_("The GlobalSign account is locked, stopped or not valid; log in to the GlobalSign portal or ask its "
       "support to unlock it") },

  /* ---- money ---- */
  { -6101, CH_ERROR_MONEY, FUNDS },
  { -9911, CH_ERROR_MONEY, FUNDS },
  { -9912, CH_ERROR_MONEY, FUNDS },
  { -9913, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9914, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9918, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9919, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9920, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9922, CH_ERROR_CA_REFUSED, VOUCHER },

  /* ---- an order that is there ---- */
  { -4003, CH_ERROR_NOT_FOUND, NO_ORDER },
  { -9916, CH_ERROR_NOT_FOUND, NO_ORDER },
  { -4004, CH_ERROR_CA_REFUSED, N_("GlobalSign has used this order number already; place the order again") },
  { -4005, CH_ERROR_CA_REFUSED,
    N_("GlobalSign refused the request because of a limit of its own; ask for less at a time, or ask its support") },
  { -4016, CH_ERROR_CA_REFUSED, N_("This order was reissued already; go on with the newest one") },
  { -6102, CH_ERROR_CA_REFUSED,
    N_("GlobalSign does not renew this order: it must be issued, have the same common name, not be renewed yet, and be "
       "in the last 90 days of its term; make a new order, or wait for the window") },
  { -9025, CH_ERROR_CA_REFUSED,
    N_("This account may not renew that order; renew it with the account that ordered it, or make a new order") },
  { -9151, CH_ERROR_CA_REFUSED,
    N_("GlobalSign did not make the key of this order and cannot reissue without a CSR; reissue with one") },
  { -9902, CH_ERROR_CA_REFUSED, N_("The order belongs to another GlobalSign account; use the one that ordered it") },
  { -9915, CH_ERROR_CA_REFUSED, N_("The order was cancelled already; nothing is left to do with it") },
  { -9938, CH_ERROR_CA_REFUSED,
    N_("The order was changed already and cannot be changed in this way again; look at how it stands") },

  /* ---- names ---- */
  { -5001, CH_ERROR_CA_REFUSED,
    N_("The name is on GlobalSign's list of high-risk names; GlobalSign's staff must look at it first, and "
       "its support can say how long that takes") },
  { -6017, CH_ERROR_CA_REFUSED, N_("The order has too many names; leave some out") },
  { -6018, CH_ERROR_CA_REFUSED, SANS },
  { -6021, CH_ERROR_CA_REFUSED,
    N_("The common name of the CSR is not the name that was ordered; make the CSR for the first name of the order") },
  { -9101, CH_ERROR_CA_REFUSED, SANS },
  { -9925, CH_ERROR_CA_REFUSED,
    N_("The common name does not fit the kind of order; put a wildcard or an address first only in an order of that kind") },
  { -9934, CH_ERROR_CA_REFUSED, NOT_ALLOWED },
  { -9952, CH_ERROR_CA_REFUSED, NOT_ALLOWED },
  { -9953, CH_ERROR_CA_REFUSED, NOT_ALLOWED },
  { -9971, CH_ERROR_CA_REFUSED,
    N_("The common name is an internal name, which no public CA certifies; use a CA of your own for it") },

  /* ---- keys, requests, certificates ---- */
  { -4006, CH_ERROR_CA_REFUSED,
    N_("GlobalSign does not accept the common name or the key of the CSR; both go with the order, the key with RSA 2048 "
       "or more, P-256 or P-384") },
  { -4007, CH_ERROR_CA_REFUSED, 
    N_("GlobalSign cannot read the CSR, or misses the organisation's name in it, as “extendedssl” wants it; make "
       "another one") },
  { -4008, CH_ERROR_CA_REFUSED,
    N_("GlobalSign cannot take over the certificate that was given: it has ended, or has another common name") },
  { -6002, CH_ERROR_CA_REFUSED,
    N_("GlobalSign cannot read the certificate that was given; give it in PEM") },
  { -6007, CH_ERROR_CA_REFUSED, N_("This key was used with another common name; order with a new key") },
  { -9936, CH_ERROR_CA_REFUSED, WEAK_KEY },
  { -9940, CH_ERROR_CA_REFUSED,
    N_("GlobalSign does not accept the dates, or the key belonged to a revoked certificate; order with a "
       "new key") },
  { -9961, CH_ERROR_CA_REFUSED, WEAK_KEY },
  { -9962, CH_ERROR_CA_REFUSED, WEAK_KEY },
  { -9964, CH_ERROR_CA_REFUSED, N_("This product needs an elliptic-curve key (P-256 or P-384)") },

  /* ---- dates ---- */
  { -6035, CH_ERROR_CA_REFUSED, N_("GlobalSign does not accept the term of the order; choose another number of months") },
  { -9933, CH_ERROR_CA_REFUSED, DATES },
  { -9949, CH_ERROR_CA_REFUSED, DATES },

  /* ---- Managed SSL, which we do not order ---- */
  { -4083, CH_ERROR_CA_REFUSED, N_("The common name does not belong to the vetted domain; order it for another one") },
  { -9401, CH_ERROR_CA_REFUSED, MANAGED },
  { -9404, CH_ERROR_CA_REFUSED, MANAGED },
  { -9405, CH_ERROR_CA_REFUSED, MANAGED },
  { -9406, CH_ERROR_CA_REFUSED, N_("GlobalSign has this domain in the profile already") },
  { -9407, CH_ERROR_CA_REFUSED, N_("GlobalSign has this profile already") },
  { -9430, CH_ERROR_CA_REFUSED, MANAGED },
  { -9440, CH_ERROR_CA_REFUSED, N_("GlobalSign does not know this vetted domain; have it vetted first") },
  { -9442, CH_ERROR_CA_REFUSED, OTHERS },
  { -9443, CH_ERROR_CA_REFUSED, OTHERS },
  { -9444, CH_ERROR_CA_REFUSED, N_("GlobalSign does not vet this name; choose another one") },
  { -9445, CH_ERROR_CA_REFUSED, N_("The vetting level of domain and profile differ; choose a domain of the profile's level") },
  { -9450, CH_ERROR_CA_REFUSED, MANAGED },
  { 0 },
};
