/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include "dns/route53-set.h"
#include "net/xml.h"

#include <string.h>

/* XML from outside, as a set of records and as it is. */

static void
read_set (const xmlNode *root)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ChRoute53Set) set = ch_route53_set_read (root, "_x.example.test", &error);

  g_assert_true ((set == NULL) == (error != NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (guint i = 0; set != NULL && i < set->values->len; i++)
    g_bytes_unref (ch_route53_read_value (set->values->pdata[i]));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) body = g_bytes_new_static (data, size);
  ChXmlTrouble trouble;
  g_autoptr(xmlDoc) doc = ch_xml_parse (body, &trouble);

  if (doc == NULL)
    return 0;

  g_autofree char *text = ch_xml_text (xmlDocGetRootElement (doc));
  g_autofree char *words = ch_xml_words (g_strdup (text));
  g_autofree char *name = text != NULL ? ch_route53_unescape_name (text) : NULL;
  g_assert_true (words == NULL || g_utf8_validate (words, -1, NULL));
  ch_xml_is_html (doc);
  read_set (xmlDocGetRootElement (doc));
  return 0;
}
