/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codes.h"

#include <glib/gi18n.h>

#define LATER N_("GlobalSign has trouble of its own; it is tried again later")
#define OUR_FAULT N_("GlobalSign refused a value of the request")
#define NO_RECORD N_("GlobalSign does not see the TXT record yet")
#define VOUCHER N_("GlobalSign does not accept the coupon or campaign")
#define FUNDS \
  N_("The balance of the GlobalSign account is too low; add funds in the GlobalSign portal, then try again")
#define NO_ORDER N_("GlobalSign knows no such order")
#define NO_SOA \
  N_("GlobalSign finds no SOA record of the domain; check that its name servers answer the internet")
#define PRIVATE_NAME N_("GlobalSign issues no certificate for this top-level domain or country")
#define WEAK_KEY \
  N_("GlobalSign does not accept this key; order with RSA of 2048 bits or more, P-256 or P-384")
#define DATES N_("GlobalSign does not accept the dates of the certificate that were asked for")
#define MANAGED N_("This needs GlobalSign's Managed SSL service, which is not active for this account")
#define SANS N_("GlobalSign does not accept a further name of the order")

/* docs/globalsign.md, Errors (the list of the API guide 4.9, of the MSSL gateway, and recordings). */
static const struct
{
  int code;
  ChError error;
  const char *sentence;
} codes[] = {
  { -1, CH_ERROR_TRANSIENT, LATER },
  { -101, CH_ERROR_CA_REFUSED, OUR_FAULT },
  { -102, CH_ERROR_CA_REFUSED, N_("GlobalSign misses a value in the request") },
  { -103, CH_ERROR_CA_REFUSED,
    N_("GlobalSign refused a value of the request as too long, too short or unknown") },
  { -104, CH_ERROR_CA_REFUSED, N_("GlobalSign refused the form of a value of the request") },
  { -105, CH_ERROR_CA_REFUSED, N_("GlobalSign refused the combination of values in the request") },
  { -109, CH_ERROR_CA_REFUSED, N_("GlobalSign misses a value in the request") },
  { -201, CH_ERROR_TRANSIENT, LATER },
  { -300, CH_ERROR_TRANSIENT, LATER },
  { -301, CH_ERROR_TRANSIENT, LATER },
  { -2001, CH_ERROR_TRANSIENT, N_("GlobalSign could not send its mail about the order") },
  { -3002, CH_ERROR_CA_REFUSED, N_("GlobalSign finds no registration of the domain") },
  { -3012, CH_ERROR_NOT_YET, NO_RECORD },
  { -3013, CH_ERROR_TRANSIENT, LATER },
  { -3019, CH_ERROR_TRANSIENT, LATER },
  { -3022, CH_ERROR_NOT_YET, NO_SOA },
  { -3025, CH_ERROR_NOT_YET, NO_SOA },
  { -3026, CH_ERROR_NOT_YET, NO_RECORD },
  { -4001, CH_ERROR_CREDENTIALS,
    N_("GlobalSign does not know this user and password; check both (test and production have different "
       "ones)") },
  { -4003, CH_ERROR_NOT_FOUND, NO_ORDER },
  { -4004, CH_ERROR_CA_REFUSED, N_("GlobalSign has used this order number already") },
  { -4005, CH_ERROR_CA_REFUSED, N_("GlobalSign refused the request because of a limit of its own") },
  { -4006, CH_ERROR_CA_REFUSED,
    N_("GlobalSign does not accept the common name or the key of the CSR") },
  { -4007, CH_ERROR_CA_REFUSED, N_("GlobalSign cannot read the CSR") },
  { -4008, CH_ERROR_CA_REFUSED, N_("GlobalSign cannot take over the certificate that was given") },
  { -4009, CH_ERROR_CA_REFUSED,
    N_("GlobalSign sends no approval to this e-mail address; choose one from its list") },
  { -4016, CH_ERROR_CA_REFUSED, N_("This order was reissued already; go on with the newest one") },
  { -4083, CH_ERROR_CA_REFUSED, N_("The common name does not belong to the vetted domain") },
  { -4147, CH_ERROR_NOT_YET, N_("GlobalSign does not see the validation value yet") },
  { -4201, CH_ERROR_FORBIDDEN,
    N_("GlobalSign does not allow the address of this machine; add its public address to the account's API "
       "allow-list in the GlobalSign portal, or ask GlobalSign to add it") },
  { -5001, CH_ERROR_CA_REFUSED,
    N_("The name is on GlobalSign's list of high-risk names; GlobalSign's staff must look at it first, and "
       "its support can say how long that takes") },
  { -6002, CH_ERROR_CA_REFUSED, N_("GlobalSign cannot read the certificate that was given") },
  { -6007, CH_ERROR_CA_REFUSED, N_("This key was used with another common name; order with a new key") },
  { -6017, CH_ERROR_CA_REFUSED, N_("The order has too many names; leave some out") },
  { -6018, CH_ERROR_CA_REFUSED, SANS },
  { -6021, CH_ERROR_CA_REFUSED, N_("The common name of the CSR is not the name that was ordered") },
  { -6035, CH_ERROR_CA_REFUSED, N_("GlobalSign does not accept the term of the order") },
  { -6101, CH_ERROR_MONEY, FUNDS },
  { -6102, CH_ERROR_CA_REFUSED,
    N_("GlobalSign does not renew this order: it must be issued, have the same common name, and not be "
       "renewed yet") },
  { -9025, CH_ERROR_FORBIDDEN, N_("This account may not renew that order") },
  { -9100, CH_ERROR_CA_REFUSED, N_("GlobalSign cannot process the request") },
  { -9101, CH_ERROR_CA_REFUSED, SANS },
  { -9151, CH_ERROR_CA_REFUSED,
    N_("GlobalSign did not make the key of this order and cannot reissue without a CSR") },
  { -9152, CH_ERROR_CA_REFUSED, N_("GlobalSign does not accept the address of the validation file") },
  { -9200, CH_ERROR_FORBIDDEN,
    N_("This user may not use the API for this; ask GlobalSign to enable the API for the user, or use "
       "another one") },
  { -9401, CH_ERROR_FORBIDDEN, MANAGED },
  { -9403, CH_ERROR_FORBIDDEN, MANAGED },
  { -9404, CH_ERROR_FORBIDDEN, MANAGED },
  { -9405, CH_ERROR_FORBIDDEN, MANAGED },
  { -9406, CH_ERROR_CA_REFUSED, N_("GlobalSign has this domain in the profile already") },
  { -9407, CH_ERROR_CA_REFUSED, N_("GlobalSign has this profile already") },
  { -9430, CH_ERROR_FORBIDDEN, MANAGED },
  { -9440, CH_ERROR_CA_REFUSED, N_("GlobalSign does not know this vetted domain") },
  { -9442, CH_ERROR_FORBIDDEN, N_("This account may not delete the vetted domain") },
  { -9443, CH_ERROR_FORBIDDEN, N_("The vetted domain belongs to another account") },
  { -9444, CH_ERROR_CA_REFUSED, N_("GlobalSign does not vet this name") },
  { -9445, CH_ERROR_CA_REFUSED, N_("The vetting level of domain and profile differ") },
  { -9450, CH_ERROR_FORBIDDEN, MANAGED },
  { -9901, CH_ERROR_FORBIDDEN,
    N_("This product is not enabled for the account; ask GlobalSign to enable it, or order another "
       "product") },
  { -9902, CH_ERROR_FORBIDDEN, N_("The order belongs to another GlobalSign account") },
  { -9911, CH_ERROR_MONEY, FUNDS },
  { -9912, CH_ERROR_MONEY, FUNDS },
  { -9913, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9914, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9915, CH_ERROR_CA_REFUSED, N_("The order was cancelled already") },
  { -9916, CH_ERROR_NOT_FOUND, NO_ORDER },
  { -9918, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9919, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9920, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9922, CH_ERROR_CA_REFUSED, VOUCHER },
  { -9925, CH_ERROR_CA_REFUSED, N_("The common name does not fit the kind of order (wildcard or not)") },
  { -9933, CH_ERROR_CA_REFUSED, DATES },
  { -9934, CH_ERROR_CA_REFUSED, PRIVATE_NAME },
  { -9936, CH_ERROR_CA_REFUSED, WEAK_KEY },
  { -9938, CH_ERROR_CA_REFUSED, N_("The order was changed already and cannot be changed in this way again") },
  { -9939, CH_ERROR_FORBIDDEN,
    N_("The GlobalSign account is locked, stopped or not valid; log in to the GlobalSign portal or ask its "
       "support to unlock it") },
  { -9940, CH_ERROR_CA_REFUSED,
    N_("GlobalSign does not accept the dates, or the key belonged to a revoked certificate; order with a "
       "new key") },
  { -9942, CH_ERROR_TRANSIENT, LATER },
  { -9943, CH_ERROR_TRANSIENT, LATER },
  { -9949, CH_ERROR_CA_REFUSED, DATES },
  { -9952, CH_ERROR_CA_REFUSED, PRIVATE_NAME },
  { -9953, CH_ERROR_CA_REFUSED, PRIVATE_NAME },
  { -9961, CH_ERROR_CA_REFUSED, WEAK_KEY },
  { -9962, CH_ERROR_CA_REFUSED, WEAK_KEY },
  { -9964, CH_ERROR_CA_REFUSED, N_("This product needs an elliptic-curve key (P-256 or P-384)") },
  { -9971, CH_ERROR_CA_REFUSED, N_("The common name is an internal name, which no public CA certifies") },
};

ChError
ch_gs_code_error (int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].code == code)
      return codes[i].error;

  return CH_ERROR_CA_REFUSED;
}

const char *
ch_gs_code_sentence (int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].code == code)
      return _(codes[i].sentence);

  return _("GlobalSign refused the request");
}

gboolean
ch_gs_code_set (int          code,
                const char  *field,
                const char  *message,
                GError     **error)
{
  const char *sentence = ch_gs_code_sentence (code);
  ChError kind = ch_gs_code_error (code);

  if (field != NULL && message != NULL)
    return ch_error_set (error, kind, _("%s (GlobalSign: “%s”, field %s, code %d)"),
                         sentence, message, field, code);
  if (message != NULL)
    return ch_error_set (error, kind, _("%s (GlobalSign: “%s”, code %d)"), sentence, message, code);
  if (field != NULL)
    return ch_error_set (error, kind, _("%s (GlobalSign: field %s, code %d)"), sentence, field, code);

  return ch_error_set (error, kind, _("%s (GlobalSign: code %d)"), sentence, code);
}
