/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include <gio/gio.h>
#include <libxml/parser.h>
#include <string.h>

#define ENVELOPE(call) \
  "<s:Envelope xmlns:s='" SB_NS_SOAP "' xmlns:v='" SB_NS_V1 "' xmlns:i='" SB_NS_XSI "'><s:Body>" call \
  "</s:Body></s:Envelope>"
#define HEADER "<AuthToken><UserName>u</UserName><Password>p</Password></AuthToken>"
#define MODIFY(inner) ENVELOPE ("<v:ModifyOrder><Request>" inner "</Request></v:ModifyOrder>")
#define DATES(inner) ENVELOPE ("<v:GetModifiedOrders><Request>" inner "</Request></v:GetModifiedOrders>")
#define NO_PASSWORD "<OrderRequestHeader><AuthToken><UserName>u</UserName></AuthToken></OrderRequestHeader>"
#define ORDER_HEADER "<OrderRequestHeader>" HEADER "</OrderRequestHeader>"
#define QUERY_HEADER "<QueryRequestHeader>" HEADER "</QueryRequestHeader>"
#define ID "<OrderID>CEAP1</OrderID>"
#define CANCEL "<ModifyOrderOperation>CANCEL</ModifyOrderOperation>"
#define FROM "<FromDate>2026-01-01T00:00:00.000Z</FromDate>"
#define TO "<ToDate>2026-01-31T23:59:59-05:00</ToDate>"

/* “code field” for each error, joined by “, ”. */
static char *
judge (const char   *service,
       const char   *message,
       gsize         length,
       SbCheckFlags  flags)
{
  xmlNode *operation = NULL, *request = NULL;
  g_autofree char *fault = NULL;
  g_autoptr(xmlDoc) doc = sb_wire_parse (message, length, &operation, &request, &fault);
  g_autoptr(GString) text = g_string_new (NULL);

  if (doc == NULL)
    return g_strconcat ("fault: ", fault, NULL);

  const SbOperation *known = sb_schema_find (service, (const char *) operation->name);
  if (known == NULL)
    return g_strdup ("no operation");

  g_autoptr(GPtrArray) errors = sb_check (known->rules, request, flags);
  for (guint i = 0; i < errors->len; i++)
    {
      SbError *error = g_ptr_array_index (errors, i);
      g_string_append_printf (text, "%s%d %s", i > 0 ? ", " : "", error->code, error->field);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static const struct
{
  const char *service;
  const char *message;
  const char *strict;
  const char *lenient; /* %NULL: the same */
} cases[] = {
  { "ServerSSLService", MODIFY (ORDER_HEADER ID CANCEL), "" },
  { "ServerSSLService", MODIFY (ORDER_HEADER "<!-- a comment --> " ID " " CANCEL), "" },
  { "ServerSSLService", MODIFY (ORDER_HEADER CANCEL ID), "-101 OrderID", "" },
  { "ServerSSLService", MODIFY (CANCEL ID ORDER_HEADER), "-101 OrderID, -101 OrderRequestHeader", "" },
  { "ServerSSLService", MODIFY (ORDER_HEADER CANCEL), "-102 OrderID" },
  { "ServerSSLService", MODIFY (ORDER_HEADER "<OrderID/>" CANCEL), "-102 OrderID" },
  { "ServerSSLService", MODIFY (ID CANCEL), "-102 OrderRequestHeader" },
  { "ServerSSLService", MODIFY ("<OrderRequestHeader/>" ID CANCEL), "-102 OrderRequestHeader.AuthToken" },
  { "ServerSSLService", MODIFY (NO_PASSWORD ID CANCEL),
    "-102 OrderRequestHeader.AuthToken.Password" },
  { "ServerSSLService", MODIFY (ORDER_HEADER ID CANCEL "<Colour/>"), "-101 Colour" },
  { "ServerSSLService", MODIFY (ORDER_HEADER ID ID CANCEL), "-101 OrderID" },
  { "ServerSSLService", MODIFY (ORDER_HEADER "<v:OrderID>x</v:OrderID>" CANCEL), "-101 OrderID" },
  { "ServerSSLService", MODIFY (ORDER_HEADER "<OrderID type='x'>x</OrderID>" CANCEL), "-101 OrderID" },
  { "ServerSSLService", MODIFY (ORDER_HEADER "<OrderID i:nil='true'/>" CANCEL), "-101 OrderID" },
  { "ServerSSLService", MODIFY (ORDER_HEADER "<OrderID><b/></OrderID>" CANCEL), "-101 OrderID" },
  { "ServerSSLService", MODIFY (ORDER_HEADER ID CANCEL "stray"), "-101 " },
  { "ServerSSLService", MODIFY (ORDER_HEADER ID "<ModifyOrderOperation>cancel</ModifyOrderOperation>"),
    "-103 ModifyOrderOperation" },
  { "ServerSSLService",
    MODIFY (ORDER_HEADER "<OrderID>012345678901234567890123456789012345678901234567890</OrderID>" CANCEL),
    "-103 OrderID" },
  { "ServerSSLService", MODIFY (QUERY_HEADER ID CANCEL), "-101 QueryRequestHeader, -102 OrderRequestHeader" },
  { "GASService", MODIFY (ORDER_HEADER ID CANCEL), "no operation" },
  { "GASService", DATES (QUERY_HEADER FROM TO), "" },
  { "GASService", DATES (QUERY_HEADER FROM TO "<OrderQueryOption i:nil='true'/>"), "" },
  { "GASService", DATES (QUERY_HEADER FROM TO "<OrderQueryOption i:nil='true'>x</OrderQueryOption>"),
    "-101 OrderQueryOption" },
  { "GASService",
    DATES (QUERY_HEADER FROM TO "<OrderQueryOption><ReturnCACerts>1</ReturnCACerts></OrderQueryOption>"),
    "-103 OrderQueryOption.ReturnCACerts" },
  { "GASService", DATES (QUERY_HEADER FROM "<ToDate>2026-01-31</ToDate>"), "-104 ToDate" },
  { "GASService", DATES (QUERY_HEADER FROM "<ToDate>2026-01-31T00:00:00.000</ToDate>"), "-104 ToDate" },
  { "GASService", DATES (QUERY_HEADER FROM "<ToDate>2026-02-31T00:00:00.000Z</ToDate>"), "-104 ToDate" },
};

static void
test_table (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *message = cases[i].message;
      g_autofree char *strict = judge (cases[i].service, message, strlen (message), SB_CHECK_STRICT);
      g_autofree char *lenient = judge (cases[i].service, message, strlen (message), SB_CHECK_ANY_ORDER);

      g_test_message ("%s", message);
      g_assert_cmpstr (strict, ==, cases[i].strict);
      g_assert_cmpstr (lenient, ==, cases[i].lenient != NULL ? cases[i].lenient : cases[i].strict);
    }
}

static void
test_envelopes (void)
{
  static const char *const bad[] = {
    "",
    "no xml",
    "<Envelope/>",
    "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body/></s:Envelope>",
    "<s:Envelope xmlns:s='" SB_NS_SOAP "'><s:Header/><s:Body><x/></s:Body></s:Envelope>",
    ENVELOPE (""),
    ENVELOPE ("<ModifyOrder><Request/></ModifyOrder>"),
    ENVELOPE ("<ModifyOrder xmlns='" SB_NS_V1 "'><Request/></ModifyOrder>"),
    ENVELOPE ("<v:ModifyOrder><Request/><Request/></v:ModifyOrder>"),
    ENVELOPE ("<v:ModifyOrder><Request/></v:ModifyOrder><v:ModifyOrder><Request/></v:ModifyOrder>"),
    "<!DOCTYPE s:Envelope>" ENVELOPE ("<v:ModifyOrder><Request/></v:ModifyOrder>"),
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
    ENVELOPE ("<v:ModifyOrder><Request>&e;</Request></v:ModifyOrder>"),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *verdict = judge ("ServerSSLService", bad[i], strlen (bad[i]), SB_CHECK_STRICT);

      g_test_message ("%s", bad[i]);
      g_assert_true (g_str_has_prefix (verdict, "fault: "));
    }
}

static char *
samples_folder (void)
{
  g_autofree char *at = g_strdup (SOURCE_ROOT);

  while (strcmp (at, "/") != 0)
    {
      g_autofree char *above = g_path_get_dirname (at);
      g_autofree char *folder = g_build_filename (above, "shared/reference/globalsign-wsdl/samples", NULL);

      if (g_file_test (folder, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&folder);
      g_free (at);
      at = g_steal_pointer (&above);
    }

  return NULL;
}

static guint
check_samples (const char *folder,
               const char *service)
{
  g_autofree char *path = g_build_filename (folder, service, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  guint checked = 0;

  g_assert_nonnull (dir);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *text = NULL;
      gsize length = 0;

      if (!g_str_has_suffix (name, ".request.xml"))
        continue;
      g_assert_true (g_file_get_contents (file, &text, &length, NULL));
      g_autofree char *verdict = judge (service, text, length, SB_CHECK_STRICT);
      g_test_message ("%s", file);
      g_assert_cmpstr (verdict, ==, "");
      checked++;
    }

  return checked;
}

static void
test_samples (void)
{
  static const char *const services[] = { "ServerSSLService", "GASService", "AccountService" };
  g_autofree char *folder = samples_folder ();

  if (folder == NULL)
    {
      g_test_skip ("the folder globalsign-wsdl with sample messages is not there");
      return;
    }
  for (gsize i = 0; i < G_N_ELEMENTS (services); i++)
    g_assert_cmpuint (check_samples (folder, services[i]), >, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check/table", test_table);
  g_test_add_func ("/check/envelopes", test_envelopes);
  g_test_add_func ("/check/samples", test_samples);
  return g_test_run ();
}
