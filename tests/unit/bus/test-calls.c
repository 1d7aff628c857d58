/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "world.h"

#include <unistd.h>

#define PROPERTIES "org.freedesktop.DBus.Properties"

/* What a caller says reaches the engine unchanged, with who he is. */
static void
test_arguments_arrive (World        *world,
                       gconstpointer data)
{
  static const struct { const char *path, *interface, *method, *type, *arguments, *call; } cases[] = {
    { "", CH_IFACE_MANAGER, "AddAccount", "(ssa{ss}a{ss}a{sv})",
      "('globalsign', 'main', {'user': 'u'}, {'password': 'p'}, {})",
      "add account globalsign main [user=u] [password=p]" },
    { "", CH_IFACE_MANAGER, "AddDnsAccount", "(ssa{ss}a{ss}a{sv})", "('rfc2136', 'ns', {}, {}, {})",
      "add dns rfc2136 ns [] []" },
    { "", CH_IFACE_MANAGER, "AddServer", "(ssa{ss}a{ss}a{sv})", "('local', 'here', {}, {}, {})",
      "add server local here [] []" },
    { "", CH_IFACE_MANAGER, "ScanServer", "(sa{ss}a{sv})", "('ssh', {'host': 'h'}, {'known-hosts': <'h x'>})",
      "scan ssh [host=h] h x" },
    { "", CH_IFACE_MANAGER, "AddProfile", "(ssa{ss}a{sv})", "('contact', 'ada', {'email': 'a@b'}, {})",
      "add profile contact ada [email=a@b] []" },
    { "", CH_IFACE_MANAGER, "NewOrder", "(asa{sv}a{sv})",
      "(['a.test', 'b.test'], {'account': <'main'>, 'term': <uint32 12>, 'contact': <{'email': 'x@y'}>, "
      "'private-key': <'PEM'>}, {})",
      "new a.test,b.test account=main product=- term=12 contact=-/email=x@y organization=- kind=- [] key=1 note=- tags=-" },
    { "", CH_IFACE_MANAGER, "NewOrder", "(asa{sv}a{sv})",
      "(['a.test'], {'product': <'organizationssl'>, 'contact-profile': <'ada'>, 'organization': <'firm'>, 'kind': <'transfer'>, "
      "'licenses': <uint32 3>}, {})",
      "new a.test account=- product=organizationssl term=0 contact=ada/- organization=firm kind=transfer [licenses=3] key=0 note=- tags=-" },
    { "", CH_IFACE_MANAGER, "NewOrder", "(asa{sv}a{sv})", "(['a.test'], {'not-after': <int64 1800000000>}, {})",
      "new a.test account=- product=- term=0 contact=-/- organization=- kind=- [not-after=1800000000] key=0 note=- tags=-" },
    { "", CH_IFACE_MANAGER, "NewOrder", "(asa{sv}a{sv})", "(['a.test'], {'note': <'for the shop'>, 'tags': <['shop', 'live']>}, {})",
      "new a.test account=- product=- term=0 contact=-/- organization=- kind=- [] key=0 note=for the shop tags=shop,live" },
    { "", CH_IFACE_MANAGER, "AddDeployment", "(sa{sv}a{sv})",
      "('d', {'server': <'web'>, 'names': <['a.test']>, 'files': <[{'part': <'key'>, 'path': <'/k'>}]>, "
      "'action': <{'kind': <'none'>}>, 'checks': <[{'host': <'h'>, 'port': <uint32 443>}]>}, {})",
      "add deployment d web a.test [{\"part\":\"key\",\"path\":\"/k\"}] {\"kind\":\"none\"} "
      "[{\"host\":\"h\",\"port\":443}]" },
    { "/accounts/3", CH_IFACE_ACCOUNT, "Edit", "(a{ss}a{ss}a{sv})", "({'user': ''}, {}, {'name': <'new'>})",
      "edit account 3 new [user=] []" },
    { "/dns/3", CH_IFACE_DNS_ACCOUNT, "SetEnabled", "(ba{sv})", "(false, {})", "disable dns 3" },
    { "/servers/3", CH_IFACE_SERVER, "Remove", "(a{sv})", "({},)", "remove server 3" },
    { "/profiles/3", CH_IFACE_PROFILE, "Edit", "(a{ss}a{sv})", "({'email': 'a@c'}, {'name': <'new'>})",
      "edit profile 3 new [email=a@c] []" },
    { "/profiles/3", CH_IFACE_PROFILE, "Remove", "(a{sv})", "({},)", "remove profile 3" },
    { "/accounts/3", CH_IFACE_ACCOUNT, "Verify", "(a{sv})", "({},)", "test account 3 -" },
    { "/dns/3", CH_IFACE_DNS_ACCOUNT, "Test", "(sa{sv})", "('z.test', {})", "test dns 3 z.test" },
    { "/dns/3", CH_IFACE_DNS_ACCOUNT, "Test", "(sa{sv})", "('z.test', {'read-only': <true>})",
      "test dns 3 z.test without writing" },
    { "/servers/3", CH_IFACE_SERVER, "Test", "(a{sv})", "({},)", "test server 3 -" },
    { "", CH_IFACE_MANAGER, "RemoveLeftovers", "(ata{sv})", "([], {})", "remove leftovers all" },
    { "", CH_IFACE_MANAGER, "RemoveLeftovers", "(ata{sv})", "([3, 7], {})", "remove leftovers 3 7" },
    { "", CH_IFACE_MANAGER, "ExportCertificate", "(tsa{sv})", "(5, 'der', {})", "export certificate 5 3 -" },
    { "", CH_IFACE_MANAGER, "ExportCertificate", "(tsa{sv})",
      "(5, 'pkcs12', {'key': <true>, 'password': <'pw'>, 'legacy': <true>})", "export certificate 5 5 key legacy pw" },
    { "/orders/9", CH_IFACE_ORDER, "Cancel", "(a{sv})", "({},)", "cancel 9" },
    { "/orders/9", CH_IFACE_ORDER, "Edit", "(a{sv}a{sv})", "({'note': <'n'>, 'tags': <['t']>, 'auto-renew': <false>}, {})",
      "edit order 9 n t -1 0" },
    { "/orders/9", CH_IFACE_ORDER, "Revoke", "(a{sv})", "({'force': <true>},)", "revoke 9 force" },
    { "", CH_IFACE_MANAGER, "RestoreKey", "(ta{sv})", "(4, {})", "restore key 4" },
    { "", CH_IFACE_MANAGER, "PurgeKey", "(ta{sv})", "(4, {})", "purge key 4" },
    { "", CH_IFACE_MANAGER, "TestMail", "(a{sv})", "({},)", "test mail" },
    { "", CH_IFACE_MANAGER, "SetMailPassword", "(sa{sv})", "('pw', {})", "set mail password pw" },
    { "/orders/9", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)", "retry 9" },
    { "/orders/9", CH_IFACE_ORDER, "RenewChallenge", "(a{sv})", "({},)", "fresh 9" },
    { "/orders/9", CH_IFACE_ORDER, "SetValidation", "(a{sv}a{sv})", "({'method': <'email'>, 'approver': <'a@b.test'>}, {})",
      "validate 9 method=email dns=- approver=a@b.test" },
    { "/orders/9", CH_IFACE_ORDER, "SetValidation", "(a{sv}a{sv})", "({'dns-account': <''>}, {})",
      "validate 9 method=- dns= approver=-" },
    { "/orders/9", CH_IFACE_ORDER, "Verify", "(a{sv})", "({},)", "verify 9" },
    { "/orders/9", CH_IFACE_ORDER, "ResendMail", "(a{sv})", "({},)", "mail 9 -" },
    { "/orders/9", CH_IFACE_ORDER, "ChangeApprover", "(sa{sv})", "('a@b.test', {})", "mail 9 a@b.test" },
    { "/orders/9", CH_IFACE_ORDER, "Reissue", "(a{sv}a{sv})", "({}, {})", "reissue 9 key=- csr=- names=-" },
    { "/orders/9", CH_IFACE_ORDER, "Reissue", "(a{sv}a{sv})",
      "({'keep-key': <true>, 'key': <'ec-p256'>, 'csr': <'PEM'>, 'names': <['a.test', 'b.test']>}, {})",
      "reissue 9 keep key=ec-p256 csr=PEM names=a.test,b.test" },
    { "/orders/9", CH_IFACE_ORDER, "Renew", "(a{sv}a{sv})", "({'term': <uint32 6>}, {})", "renew 9 term=6" },
    { "/orders/9", CH_IFACE_ORDER, "Replace", "(a{sv})", "({'look-only': <true>},)", "replace 9 look" },
    { "/orders/9", CH_IFACE_ORDER, "Delete", "(a{sv})", "({'force': <true>},)", "delete 9 force" },
    { "/orders/9", CH_IFACE_ORDER, "ExportKey", "(a{sv})", "({'password': <'pw'>},)", "export 9 pw" },
    { "/orders/9", CH_IFACE_ORDER, "AttachKey", "(sa{sv})", "('PEM', {'password': <'pw'>})", "attach 9 PEM pw" },
    { "/orders/9", CH_IFACE_ORDER, "FindKey", "(sa{sv})", "('web', {'paths': <['/a']>})", "find key 9 web /a" },
    { "/accounts/3", CH_IFACE_ACCOUNT, "Import", "(a{sv})",
      "({'from': <int64 5>, 'to': <int64 6>, 'states': <['issued', 'revoked']>, 'name': <'www'>, 'restart': <true>},)",
      "import 3 5 6 issued,revoked www restart" },
    { "/accounts/3", CH_IFACE_ACCOUNT, "Import", "(a{sv})", "({},)", "import 3 0 0 - -" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "Run", "(a{sv})", "({},)", "run deployment 4" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "Run", "(a{sv})", "({'now': <true>},)", "run deployment 4 now" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "Look", "(a{sv})", "({},)", "look at deployment 4" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "Rollback", "(a{sv})", "({},)", "roll deployment 4 back" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "Pause", "(a{sv})", "({'until': <int64 5>, 'reason': <'r'>},)",
      "pause deployment 4 until 5: r" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "Resume", "(a{sv})", "({},)", "resume deployment 4" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "SetEnabled", "(ba{sv})", "(true, {})", "enable deployment 4" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "Remove", "(a{sv})", "({},)", "remove deployment 4" },
    { "", CH_IFACE_MANAGER, "AddWatch", "(sa{sv}a{sv})",
      "('h.test', {'port': <uint32 25>, 'sni': <'s.test'>, 'starttls': <'smtp'>, 'interval': <uint32 3600>}, {})",
      "watch h.test 25 s.test smtp 3600" },
    { "", CH_IFACE_MANAGER, "AddWatch", "(sa{sv}a{sv})", "('h.test', {}, {})", "watch h.test 443 (null) (null) 0" },
    { "/watches/4", CH_IFACE_WATCH, "Look", "(a{sv})", "({},)", "look at watch 4" },
    { "/watches/4", CH_IFACE_WATCH, "Edit", "(a{sv}a{sv})", "({'interval': <uint32 0>}, {})", "watch 4 every 0" },
    { "/watches/4", CH_IFACE_WATCH, "Accept", "(a{sv})", "({},)", "accept watch 4" },
    { "/watches/4", CH_IFACE_WATCH, "Remove", "(a{sv})", "({},)", "remove watch 4" },
    { "/deployments/4", CH_IFACE_DEPLOYMENT, "Edit", "(a{sv}a{sv})", "({'name': <'e'>}, {})",
      "edit deployment 4 e (null) (null) (null) (null) (null)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat (CH_ROOT_PATH, cases[i].path, NULL);
      g_autofree char *want = g_strconcat (cases[i].call, " by owner\n", NULL);
      g_autoptr(GError) error = NULL;

      g_string_truncate (fake_engine.calls, 0);
      g_autoptr(GVariant) reply = world_call (world, path, cases[i].interface, cases[i].method,
                                              parse (cases[i].type, cases[i].arguments), &error);
      g_assert_no_error (error);
      g_assert_cmpstr (fake_engine.calls->str, ==, want);
    }
}

/* Nothing of this reaches the engine. */
static void
test_wrong_arguments (World        *world,
                      gconstpointer data)
{
  static const struct
  {
    const char *path, *interface, *method, *type, *arguments;
    ChError code;
    const char *part;
  } cases[] = {
    { "", CH_IFACE_MANAGER, "AddAccount", "(ssa{ss}a{ss}a{sv})", "('globalsign', 'm', {}, {}, {'x': <1>})",
      CH_ERROR_INVALID, "“x” is not known" },
    { "", CH_IFACE_MANAGER, "NewOrder", "(asa{sv}a{sv})", "(['a.test'], {'term': <12>}, {})",
      CH_ERROR_INVALID, "“term” in the settings must be of type “u”, not “i”" },
    { "", CH_IFACE_MANAGER, "NewOrder", "(asa{sv}a{sv})", "(['a.test'], {'colour': <12>}, {})",
      CH_ERROR_INVALID, "known are: account, dns-account" },
    { "", CH_IFACE_MANAGER, "AddDeployment", "(sa{sv}a{sv})", "('d', {'files': <[{'pfad': <'/k'>}]>}, {})",
      CH_ERROR_INVALID, "“pfad” is not known in the files" },
    { "", CH_IFACE_MANAGER, "AddDeployment", "(sa{sv}a{sv})", "('d', {'action': <{'shell': <'rm'>}>}, {})",
      CH_ERROR_INVALID, "“shell” is not known in the action" },
    { "", CH_IFACE_MANAGER, "ListKinds", "(s)", "('cook',)", CH_ERROR_INVALID, "account, dns, server, profile" },
    { "", CH_IFACE_MANAGER, "GetStatus", "(a{sv})", "({'verbose': <true>},)",
      CH_ERROR_INVALID, "must be empty" },
    { "", CH_IFACE_MANAGER, "RemoveLeftovers", "(ata{sv})", "([3], {'force': <true>})",
      CH_ERROR_INVALID, "must be empty" },
    { "", CH_IFACE_MANAGER, "ListEvents", "(a{sv}tu)", "({'who': <1>}, 0, 0)",
      CH_ERROR_INVALID, "known are: object" },
    { "/orders/9", CH_IFACE_ORDER, "SetValidation", "(a{sv}a{sv})", "({'name': <'x'>}, {})",
      CH_ERROR_INVALID, "known are: method, dns-account, approver" },
    { "/orders/9", CH_IFACE_ORDER, "Delete", "(a{sv})", "({'force': <'yes'>},)",
      CH_ERROR_INVALID, "type “b”" },
    { "/orders/9", CH_IFACE_ORDER, "ExportKey", "(a{sv})", "({'password': <''>},)",
      CH_ERROR_INVALID, "empty" },
    { "/orders/9", CH_IFACE_ORDER, "GetChallenges", "()", "()", CH_ERROR_NOT_FOUND, "9" },
    { "/orders/9", CH_IFACE_ORDER, "GetCertificates", "()", "()", CH_ERROR_NOT_FOUND, "9" },
    { "/deployments/9", CH_IFACE_DEPLOYMENT, "ListRuns", "(u)", "(0,)", CH_ERROR_NOT_FOUND, "9" },
    { "", CH_IFACE_MANAGER, "AddWatch", "(sa{sv}a{sv})", "('h.test', {'port': <'443'>}, {})", CH_ERROR_INVALID, "“port” in the settings must be" },
    { "/watches/9", CH_IFACE_WATCH, "Edit", "(a{sv}a{sv})", "({'host': <'h.test'>}, {})", CH_ERROR_INVALID, "known are: interval" },
    { "/watches/9", PROPERTIES, "GetAll", "(s)", "('org.chancery.Chancery1.Watch',)", CH_ERROR_NOT_FOUND, "9" },
    { "/jobs/9", CH_IFACE_JOB, "Cancel", "()", "()", CH_ERROR_NOT_FOUND, "There is no job 9" },
    { "/accounts/9", PROPERTIES, "GetAll", "(s)", "('org.chancery.Chancery1.Account',)",
      CH_ERROR_NOT_FOUND, "9" },
    { "/orders/9223372036854775807", PROPERTIES, "GetAll", "(s)", "('org.chancery.Chancery1.Order',)",
      CH_ERROR_NOT_FOUND, "9223372036854775807" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat (CH_ROOT_PATH, cases[i].path, NULL);

      world_refuses (world, path, cases[i].interface, cases[i].method,
                     parse (cases[i].type, cases[i].arguments), cases[i].code, cases[i].part);
    }
  g_assert_cmpstr (fake_engine.calls->str, ==, "");
}

/* GDBus answers these itself, before they come to us. */
static void
test_what_is_no_call (World        *world,
                      gconstpointer data)
{
  static const struct
  {
    const char *path, *interface, *method, *type, *arguments;
    GDBusError code;
  } cases[] = {
    { "", CH_IFACE_MANAGER, "NewOrder", "(s)", "('a.test',)", G_DBUS_ERROR_INVALID_ARGS },
    { "", CH_IFACE_MANAGER, "Dance", "()", "()", G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/orders/0", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)", G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/orders/007", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)", G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/orders/9223372036854775808", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)",
      G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/orders/x", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)", G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/orders/1/2", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)", G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/orders", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)", G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/accounts/1", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)", G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/nothing/1", CH_IFACE_ORDER, "Retry", "(a{sv})", "({},)", G_DBUS_ERROR_UNKNOWN_METHOD },
    { "/orders/1", PROPERTIES, "Get", "(ss)", "('org.chancery.Chancery1.Order', 'Colour')",
      G_DBUS_ERROR_INVALID_ARGS },
    { "/orders/1", PROPERTIES, "Set", "(ssv)", "('org.chancery.Chancery1.Order', 'State', <'issued'>)",
      G_DBUS_ERROR_INVALID_ARGS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat (CH_ROOT_PATH, cases[i].path, NULL);
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) reply = world_call (world, path, cases[i].interface, cases[i].method,
                                              parse (cases[i].type, cases[i].arguments), &error);

      g_assert_null (reply);
      g_assert_error (error, G_DBUS_ERROR, (int) cases[i].code);
    }
  g_assert_cmpstr (fake_engine.calls->str, ==, "");
}

static GVariant *
new_order_of (guint       n,
              const char *name)
{
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < n; i++)
    g_strv_builder_add (names, name);

  g_auto(GStrv) list = g_strv_builder_end (names);
  return g_variant_new ("(^as@a{sv}@a{sv})", list, parse ("a{sv}", "{}"), parse ("a{sv}", "{}"));
}

static void
test_bounds (World        *world,
             gconstpointer data)
{
  g_autofree char *fits = g_strnfill (64 * 1024 - 1, 'a');
  g_autofree char *long_name = g_strnfill (64 * 1024, 'a');
  g_autoptr(GError) error = NULL;

  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "NewOrder", new_order_of (1001, "a.test"),
                 CH_ERROR_LIMIT, "more than 1000");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "NewOrder", new_order_of (1, long_name),
                 CH_ERROR_LIMIT, "64 KiB");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "NewOrder", new_order_of (17, fits),
                 CH_ERROR_LIMIT, "1024 KiB");

  GVariantBuilder deep = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&deep, "{sv}", "csr", g_variant_new_variant (g_variant_new_string (long_name)));
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetStatus", g_variant_new ("(a{sv})", &deep),
                 CH_ERROR_LIMIT, "64 KiB");
  g_assert_cmpstr (fake_engine.calls->str, ==, "");

  g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "NewOrder",
                                          new_order_of (1, fits), &error);
  g_assert_no_error (error);
}

/* What the engine says comes out under its own name. */
static void
test_errors_pass (World        *world,
                  gconstpointer data)
{
  static const struct { const char *path, *interface, *method, *type, *arguments; } cases[] = {
    { "", CH_IFACE_MANAGER, "AddServer", "(ssa{ss}a{ss}a{sv})", "('local', 'here', {}, {}, {})" },
    { "", CH_IFACE_MANAGER, "ScanServer", "(sa{ss}a{sv})", "('ssh', {}, {})" },
    { "", CH_IFACE_MANAGER, "NewOrder", "(asa{sv}a{sv})", "(['a.test'], {}, {})" },
    { "", CH_IFACE_MANAGER, "AddDeployment", "(sa{sv}a{sv})", "('d', {}, {})" },
    { "", CH_IFACE_MANAGER, "RemoveLeftovers", "(ata{sv})", "([1], {})" },
    { "/servers/3", CH_IFACE_SERVER, "Remove", "(a{sv})", "({},)" },
    { "/servers/3", CH_IFACE_SERVER, "Test", "(a{sv})", "({},)" },
    { "/servers/3", CH_IFACE_SERVER, "SetEnabled", "(ba{sv})", "(true, {})" },
    { "/orders/3", CH_IFACE_ORDER, "Explain", "(a{sv})", "({},)" },
    { "/orders/3", CH_IFACE_ORDER, "Cancel", "(a{sv})", "({},)" },
    { "/orders/3", CH_IFACE_ORDER, "Delete", "(a{sv})", "({},)" },
    { "/orders/3", CH_IFACE_ORDER, "ExportKey", "(a{sv})", "({},)" },
    { "/deployments/3", CH_IFACE_DEPLOYMENT, "Run", "(a{sv})", "({},)" },
    { "", CH_IFACE_MANAGER, "AddWatch", "(sa{sv}a{sv})", "('h.test', {}, {})" },
    { "/watches/3", CH_IFACE_WATCH, "Look", "(a{sv})", "({},)" },
    { "/watches/3", CH_IFACE_WATCH, "Edit", "(a{sv}a{sv})", "({'interval': <uint32 0>}, {})" },
    { "/watches/3", CH_IFACE_WATCH, "Accept", "(a{sv})", "({},)" },
    { "/watches/3", CH_IFACE_WATCH, "Remove", "(a{sv})", "({},)" },
  };

  fake_engine.error = g_error_new_literal (CH_ERROR, CH_ERROR_IN_USE, "The deployment “x” needs it.");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat (CH_ROOT_PATH, cases[i].path, NULL);

      world_refuses (world, path, cases[i].interface, cases[i].method,
                     parse (cases[i].type, cases[i].arguments), CH_ERROR_IN_USE, "The deployment “x” needs it.");
    }
}

static void
test_check_order (World        *world,
                  gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "CheckOrder",
                                          parse ("(asa{sv}a{sv})", "(['a.test', 'b.test'], {'term': <uint32 12>}, {})"), &error);
  g_assert_no_error (error);
  g_autoptr(GVariant) preview = g_variant_get_child_value (reply, 0);
  g_autoptr(GVariant) names = g_variant_lookup_value (preview, "Names", G_VARIANT_TYPE ("aa{sv}"));
  g_autofree const char **problems = NULL, **fields = NULL;
  const char *product, *silence;
  guint32 certificates;

  g_assert_cmpuint (g_variant_n_children (names), ==, 2);
  g_assert_true (g_variant_lookup (preview, "Problems", "^a&s", &problems) && g_variant_lookup (preview, "Product", "&s", &product)
                 && g_variant_lookup (preview, "Silence", "&s", &silence) && g_variant_lookup (preview, "Certificates", "u", &certificates));
  g_assert_cmpstr (problems[0], ==, "It cannot be.");
  g_assert_true (g_variant_lookup (preview, "ProblemFields", "^a&s", &fields));
  g_assert_cmpstr (fields[0], ==, "term");
  g_assert_cmpstr (product, ==, "domainssl");
  g_assert_cmpuint (certificates, ==, 4);
  g_assert_cmpstr (silence, ==, "Nobody was asked");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "CheckOrder",
                 parse ("(asa{sv}a{sv})", "(['a.test'], {'colour': <'red'>}, {})"), CH_ERROR_INVALID, "“colour”");
}

static void
test_check_successor (World        *world,
                      gconstpointer data)
{
  static const struct { const char *arguments, *call; } cases[] = {
    { "(['a.test'], {'reissues': <objectpath '/org/chancery/Chancery1/orders/3'>, 'keep-key': <true>}, {})",
      "check reissue 3 keep names=a.test" },
    { "(@as [], {'renews': <objectpath '/org/chancery/Chancery1/orders/3'>, 'term': <uint32 6>}, {})",
      "check renewal of 3 for 6" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "CheckOrder",
                                              parse ("(asa{sv}a{sv})", cases[i].arguments), &error);

      g_assert_no_error (error);
      g_assert_nonnull (strstr (fake_engine.calls->str, cases[i].call));
    }

  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "CheckOrder",
                 parse ("(asa{sv}a{sv})", "(['a.test'], {'reissues': <objectpath '/org/chancery/Chancery1/dns/3'>}, {})"),
                 CH_ERROR_INVALID, "no path of an order");
  world_refuses (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "CheckOrder",
                 parse ("(asa{sv}a{sv})",
                        "(['a.test'], {'renews': <objectpath '/org/chancery/Chancery1/orders/3'>, 'csr': <'x'>}, {})"),
                 CH_ERROR_INVALID, "“csr”");
}

static void
test_explain (World        *world,
              gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH "/orders/3", CH_IFACE_ORDER, "Explain",
                                          parse ("(a{sv})", "({},)"), &error);
  g_assert_no_error (error);
  g_autoptr(GVariant) want = parse ("(a{sv})", "({'Headline': <'It waits.'>, 'Advice': <''>, "
                                               "'Lines': <[{'At': <int64 5>, 'Kind': <'seen'>, "
                                               "'Text': <'ns1 answered \uFFFD'>}]>},)");
  g_assert_cmpvariant (reply, want);
}

static void
test_job (World        *world,
          gconstpointer data)
{
  g_autoptr(GError) error = NULL;
  ChJob *job = fake_engine_add_job ("deployment.run");
  g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH "/jobs/1", CH_IFACE_JOB, "Cancel", NULL,
                                          &error);

  g_assert_no_error (error);
  g_assert_cmpint (job->state, ==, CH_JOB_STATE_CANCELLED);

  g_autoptr(GVariant) state = world_call (world, CH_ROOT_PATH "/jobs/1", PROPERTIES, "Get",
                                          g_variant_new ("(ss)", CH_IFACE_JOB, "State"), &error);
  g_assert_no_error (error);
  g_autoptr(GVariant) want = parse ("(v)", "(<'cancelled'>,)");
  g_assert_cmpvariant (state, want);
}

static void
test_kinds (World        *world,
            gconstpointer data)
{
  g_autoptr(GVariant) reply = world_ask (world, "ListKinds", g_variant_new ("(s)", "account"));
  g_autoptr(GVariant) kinds = g_variant_get_child_value (reply, 0);
  g_autoptr(GVariant) kind = g_variant_get_child_value (kinds, 0);
  g_autoptr(GVariant) fields = g_variant_lookup_value (kind, "fields", G_VARIANT_TYPE ("aa{sv}"));
  g_autoptr(GVariant) password = g_variant_get_child_value (fields, 1);
  g_autoptr(GVariant) where = g_variant_get_child_value (fields, 2);
  g_autoptr(GVariant) want = parse ("a{sv}",
                                    "{'name': <'password'>, 'title': <'Password'>, 'help': <'The password.'>, "
                                    "'required': <true>, 'secret': <true>, 'multiline': <false>, "
                                    "'advanced': <false>, 'default': <''>, 'choices': <@as []>}");
  g_auto(GStrv) choices = NULL;

  g_assert_cmpvariant (password, want);
  g_assert_true (g_variant_lookup (where, "choices", "^as", &choices));
  g_assert_cmpint (g_strv_length (choices), ==, 2);
}

/* In system mode root needs no polkit; the audit log says "root". Others: tests/bus. */
static void
test_root (World        *world,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  if (getuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  g_clear_pointer (&world->bus, ch_bus_free);
  world->config.session = FALSE;
  world->bus = ch_bus_new (&world->world, world->service, &error);
  g_assert_no_error (error);

  g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH "/orders/9", CH_IFACE_ORDER, "Retry",
                                          parse ("(a{sv})", "({},)"), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fake_engine.calls->str, ==, "retry 9 by root\n");
}

/* Nothing is left on the connection, and the engine has nobody to tell. */
static void
test_free (World        *world,
           gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&world->bus, ch_bus_free);
  g_assert_null (world->world.watcher.order_changed);
  g_autoptr(GVariant) reply = world_call (world, CH_ROOT_PATH, CH_IFACE_MANAGER, "GetStatus",
                                          parse ("(a{sv})", "({},)"), &error);
  g_assert_error (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  world_test ("/bus/calls/arguments-arrive", test_arguments_arrive);
  world_test ("/bus/calls/wrong-arguments", test_wrong_arguments);
  world_test ("/bus/calls/what-is-no-call", test_what_is_no_call);
  world_test ("/bus/calls/bounds", test_bounds);
  world_test ("/bus/calls/errors-pass", test_errors_pass);
  world_test ("/bus/calls/explain", test_explain);
  world_test ("/bus/calls/job", test_job);
  world_test ("/bus/calls/kinds", test_kinds);
  world_test ("/bus/calls/root", test_root);
  world_test ("/bus/calls/free", test_free);

  world_test ("/bus/calls/check-order", test_check_order);
  world_test ("/bus/calls/check-successor", test_check_successor);
  return g_test_run ();
}
