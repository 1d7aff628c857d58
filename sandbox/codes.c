/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire.h"

/* The codes that GlobalSign's clients know, in own words. The texts are not GlobalSign's: no
 * client may depend on them. */
static const struct
{
  int code;
  const char *text;
} codes[] = {
  { -1, "Internal system error. Please retry." },
  { -101, "Invalid parameter entered." },
  { -102, "A mandatory parameter is missing." },
  { -103, "The length of a parameter is wrong." },
  { -104, "The format of a parameter is wrong." },
  { -105, "Invalid parameter combination." },
  { -109, "A parameter is missing." },
  { -201, "System error. Please retry." },
  { -300, "Database error. Please retry." },
  { -301, "Database error. Please retry." },
  { -2001, "The mail with the order details could not be sent." },
  { -3002, "The domain was not found in WHOIS." },
  { -3012, "The domain could not be validated by DNS." },
  { -3013, "The DNS service failed. Please retry." },
  { -3019, "The DNS service failed. Please retry." },
  { -3022, "The SOA record was not found." },
  { -3025, "The SOA record was not found." },
  { -3026, "The TXT record was not found." },
  { -4001, "Login failed. The user name or password is wrong." },
  { -4003, "The OrderID or voucher does not exist." },
  { -4004, "The OrderID has already been used." },
  { -4005, "The request was refused by a limit." },
  { -4006, "The CommonName or the key of the CSR is not acceptable." },
  { -4007, "The CSR is invalid." },
  { -4008, "The TargetCERT is expired or has another CommonName." },
  { -4009, "The approver e-mail address is not allowed." },
  { -4016, "The order was already reissued." },
  { -4083, "The CommonName does not belong to the MSSLDomainID." },
  { -4147, "The page could not be verified." },
  { -4201, "The IP address of the caller is not registered." },
  { -5001, "The name needs a phishing check." },
  { -6002, "The TargetCERT could not be parsed." },
  { -6007, "The public key has already been used with another CommonName." },
  { -6017, "Too many SubjectAltNames." },
  { -6018, "A SubjectAltName is invalid." },
  { -6021, "The CommonName of the CSR and the FQDN differ." },
  { -6035, "Check the validity period." },
  { -6101, "The balance of the account is too low." },
  { -6102, "The order cannot be renewed." },
  { -9025, "No right to renew that order." },
  { -9100, "The request cannot be processed." },
  { -9101, "The SAN option is not allowed." },
  { -9151, "The certificate was not made by AutoCSR." },
  { -9152, "The format of the ApproverURL is wrong." },
  { -9200, "The user type may not use this API." },
  { -9401, "The MSSL profile is unknown." },
  { -9403, "MSSL is not active for the user." },
  { -9404, "The MSSL profile may not add domains." },
  { -9405, "The account needs MSSL Pro." },
  { -9406, "The MSSL domain exists already." },
  { -9407, "The MSSL profile exists already." },
  { -9430, "The MSSL profile may not be changed." },
  { -9440, "The MSSL domain is unknown." },
  { -9442, "The MSSL domain may not be deleted." },
  { -9443, "The MSSL domain belongs to somebody else." },
  { -9444, "The domain name is not supported." },
  { -9445, "The vetting levels differ." },
  { -9450, "The MSSL order is not possible." },
  { -9901, "The product is not allowed for this account." },
  { -9902, "No access to that OrderID." },
  { -9911, "Not enough funds." },
  { -9912, "Not enough funds." },
  { -9913, "The coupon was not found." },
  { -9914, "The campaign was not found." },
  { -9915, "The order is already cancelled." },
  { -9916, "The OrderID was not found." },
  { -9918, "The coupon or campaign has expired." },
  { -9919, "The coupon or campaign was used before." },
  { -9920, "The coupon or campaign is not active." },
  { -9922, "The coupon or campaign has another currency." },
  { -9925, "The CommonName does not fit the BaseOption." },
  { -9933, "NotBefore to NotAfter is longer than Months." },
  { -9934, "The top-level domain is banned." },
  { -9936, "The key is too short or weak." },
  { -9938, "The order was already modified." },
  { -9939, "The account is stopped, locked or invalid." },
  { -9940, "NotBefore or NotAfter is in the past, or the public key was revoked before." },
  { -9942, "RA system error at the request. Please retry." },
  { -9943, "RA system error at issue. Please retry." },
  { -9949, "NotAfter is beyond the allowed maximum." },
  { -9952, "The top-level domain or country is not permitted." },
  { -9953, "The top-level domain or country is not permitted." },
  { -9961, "The curve of the key must be P-256 or P-384." },
  { -9962, "Compressed keys are not allowed." },
  { -9964, "The product needs an ECC key." },
  { -9971, "An internal server name is not allowed as CommonName." },
};

const char *
sb_code_text (int code)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i].code == code)
      return codes[i].text;

  return "The request failed.";
}
