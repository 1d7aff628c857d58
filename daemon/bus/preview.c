/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bus/rows.h"

/* What Manager.CheckOrder() answers. */

static GVariant *
names_of (const ChOrderPreview *preview)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  guint n_counted = preview->counted_as != NULL ? g_strv_length (preview->counted_as) : 0;
  guint n_proven = preview->dns_accounts != NULL ? g_strv_length (preview->dns_accounts) : 0;

  for (guint i = 0; preview->order->names[i] != NULL; i++)
    {
      GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

      ch_row_put_text (&row, "Name", preview->order->names[i]);
      ch_row_put_text (&row, "CountedAs", i < n_counted ? preview->counted_as[i] : "");
      ch_row_put_text (&row, "DnsAccountName", i < n_proven ? preview->dns_accounts[i] : "");
      g_variant_builder_add_value (&list, g_variant_builder_end (&row));
    }

  return g_variant_builder_end (&list);
}

static void
put_sentences (GVariantBuilder *row,
               const char      *key,
               GPtrArray       *sentences)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));

  for (guint i = 0; i < sentences->len; i++)
    {
      g_autofree char *valid = ch_row_valid (sentences->pdata[i]);
      g_variant_builder_add (&list, "s", valid);
    }

  g_variant_builder_add (row, "{sv}", key, g_variant_builder_end (&list));
}

/* For each problem, even where nobody said. */
static void
put_fields (GVariantBuilder      *row,
            const ChOrderPreview *preview)
{
  GVariantBuilder list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("as"));

  for (guint i = 0; i < preview->problems->len; i++)
    g_variant_builder_add (&list, "s", preview->fields != NULL && i < preview->fields->len ? preview->fields->pdata[i] : "");

  g_variant_builder_add (row, "{sv}", "ProblemFields", g_variant_builder_end (&list));
}

static void
put_choices (GVariantBuilder *row,
             const ChOrder   *order)
{
  gboolean proven_by_ca = order->product == CH_PRODUCT_ORGANIZATIONSSL || order->product == CH_PRODUCT_EXTENDEDSSL;

  ch_row_put_text (row, "Product", ch_nick (CH_TYPE_PRODUCT, (int) order->product));
  ch_row_put_text (row, "Kind", ch_nick (CH_TYPE_ORDER_KIND, (int) order->kind));
  ch_row_put_text (row, "Method", proven_by_ca ? "" : ch_nick (CH_TYPE_DCV_METHOD, (int) order->method));
  ch_row_put_text (row, "Key", ch_nick (CH_TYPE_KEY_ALGORITHM, (int) order->key_algorithm));
  g_variant_builder_add (row, "{sv}", "Term", g_variant_new_uint32 ((guint32) MAX (order->term_months, 0)));
  ch_row_put_table (row, "Contact", order->contact);
  ch_row_put_table (row, "Organization", order->organization);
  ch_row_put_table (row, "Options", order->options);
}

GVariant *
ch_row_preview (const ChOrderPreview *preview)
{
  GVariantBuilder row = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  const ChCaPreview *answer = preview->answer;

  put_sentences (&row, "Problems", preview->problems);
  put_fields (&row, preview);
  put_sentences (&row, "Notices", preview->notices);
  ch_row_put_text (&row, "AccountName", preview->account);
  g_variant_builder_add (&row, "{sv}", "Names", names_of (preview));
  put_choices (&row, preview->order);
  g_variant_builder_add (&row, "{sv}", "NotAfter", g_variant_new_int64 (preview->not_after));
  g_variant_builder_add (&row, "{sv}", "TermEnd", g_variant_new_int64 (preview->term_end));
  g_variant_builder_add (&row, "{sv}", "Certificates", g_variant_new_uint32 (preview->certificates));
  ch_row_put_text (&row, "Price", answer != NULL ? answer->price : NULL);
  ch_row_put_table (&row, "Request", answer != NULL ? answer->csr : NULL);
  ch_row_put_table (&row, "Certificate", answer != NULL ? answer->certificate : NULL);
  ch_row_put_text (&row, "Silence", preview->silence);
  return g_variant_builder_end (&row);
}
