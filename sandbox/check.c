/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include "dates.h"

#include <string.h>

typedef struct
{
  GPtrArray *errors; /* (element-type SbError) (owned by the caller) */
  SbCheckFlags flags;
} Check;

static void
complain (Check      *check,
          int         code,
          const char *path,
          const char *why)
{
  g_ptr_array_add (check->errors, sb_error_new (code, path, why));
}

static gboolean
is_nil (xmlNode *node)
{
  xmlAttr *attribute = xmlHasNsProp (node, (const xmlChar *) "nil", (const xmlChar *) SB_NS_XSI);

  if (attribute == NULL || attribute->children == NULL || attribute->children->content == NULL)
    return FALSE;

  const char *value = (const char *) attribute->children->content;
  return strcmp (value, "true") == 0 || strcmp (value, "1") == 0;
}

static gboolean
attributes_are_fine (xmlNode *node)
{
  for (xmlAttr *attribute = node->properties; attribute != NULL; attribute = attribute->next)
    if (attribute->ns == NULL || strcmp ((const char *) attribute->ns->href, SB_NS_XSI) != 0
        || strcmp ((const char *) attribute->name, "nil") != 0)
      return FALSE;

  return TRUE;
}

static gboolean
holds_text (xmlNode *node)
{
  for (xmlNode *child = node->children; child != NULL; child = child->next)
    if ((child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) && !xmlIsBlankNode (child))
      return TRUE;

  return FALSE;
}

static gboolean
is_one_of (const char *text,
           const char *values)
{
  g_auto(GStrv) list = g_strsplit (values, "|", -1);

  return g_strv_contains ((const char *const *) list, text);
}

static gboolean
has_format (const char *text,
            SbFormat    format)
{
  gint64 time;

  switch (format)
    {
    case SB_FORMAT_DATE:
      return sb_date_parse (text, &time);
    case SB_FORMAT_NUMBER:
      return strspn (text, "0123456789") == strlen (text);
    case SB_FORMAT_EMAIL:
      return g_regex_match_simple ("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", text, 0, 0);
    case SB_FORMAT_COUNTRY:
      return strlen (text) == 2 && g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]);
    case SB_FORMAT_ANY:
    default:
      return TRUE;
    }
}

static void
check_leaf (Check        *check,
            xmlNode      *node,
            const SbRule *rule,
            const char   *path)
{
  if (xmlFirstElementChild (node) != NULL)
    {
      complain (check, -101, path, "Invalid parameter entered: it must hold text only.");
      return;
    }

  g_autofree char *text = sb_content (node);
  if (text == NULL)
    {
      if ((rule->occurs & SB_MANDATORY) && !(rule->occurs & SB_MAY_BE_EMPTY))
        complain (check, -102, path, "A mandatory parameter is missing: it is empty.");
      return;
    }

  if (rule->length > 0 && g_utf8_strlen (text, -1) > (glong) rule->length)
    complain (check, -103, path, "Parameter length check error: it is too long.");
  else if (rule->values != NULL && !is_one_of (text, rule->values))
    complain (check, -103, path, "Parameter length check error: the value is not one of the list.");
  else if (!has_format (text, rule->format))
    complain (check, -104, path, "Parameter format check error.");
}

static int
find_rule (const SbRule *rules,
           xmlNode      *node)
{
  for (int i = 0; rules[i].name != NULL; i++)
    if (sb_is_named (node, rules[i].name))
      return i;

  return -1;
}

static char *
join (const char *path,
      const char *name)
{
  return *path == '\0' ? g_strdup (name) : g_strconcat (path, ".", name, NULL);
}

static void check_block (Check        *check,
                         xmlNode      *block,
                         const SbRule *rules,
                         const char   *path);

static void
check_element (Check        *check,
               xmlNode      *node,
               const SbRule *rule,
               const char   *path)
{
  if (!attributes_are_fine (node))
    complain (check, -101, path, "Invalid parameter entered: unknown attribute.");

  if (is_nil (node))
    {
      if (!(rule->occurs & SB_NILLABLE))
        complain (check, -101, path, "Invalid parameter entered: it must not be nil.");
      else if (node->children != NULL)
        complain (check, -101, path, "Invalid parameter entered: it is nil and not empty.");
    }
  else if (rule->children != NULL)
    check_block (check, node, rule->children, path);
  else
    check_leaf (check, node, rule, path);
}

/* Where a child stands: also says whether to look inside it. */
static gboolean
check_place (Check        *check,
             xmlNode      *node,
             const SbRule *rules,
             int           index,
             guint64       seen,
             const char   *path)
{
  if (node->ns != NULL)
    complain (check, -101, path, "Invalid parameter entered: the element must be in no namespace.");
  else if (index < 0)
    complain (check, -101, path, "Invalid parameter entered: unknown element.");
  else if ((seen & (G_GUINT64_CONSTANT (1) << index)) != 0 && !(rules[index].occurs & SB_REPEATED))
    complain (check, -101, path, "Invalid parameter entered: it may stand only once.");
  else
    {
      if ((seen >> index) > 1 && !(check->flags & SB_CHECK_ANY_ORDER))
        complain (check, -101, path, "Invalid parameter entered: wrong order of elements.");
      return TRUE;
    }

  return FALSE;
}

static void
check_block (Check        *check,
             xmlNode      *block,
             const SbRule *rules,
             const char   *path)
{
  guint64 seen = 0;

  if (holds_text (block))
    complain (check, -101, path, "Invalid parameter entered: text between the elements.");

  for (xmlNode *node = xmlFirstElementChild (block); node != NULL; node = xmlNextElementSibling (node))
    {
      g_autofree char *here = join (path, (const char *) node->name);
      int index = find_rule (rules, node);

      if (check_place (check, node, rules, index, seen, here))
        check_element (check, node, &rules[index], here);
      if (index >= 0)
        seen |= G_GUINT64_CONSTANT (1) << index;
    }

  for (int i = 0; rules[i].name != NULL; i++)
    if ((rules[i].occurs & SB_MANDATORY) && (seen & (G_GUINT64_CONSTANT (1) << i)) == 0)
      {
        g_autofree char *here = join (path, rules[i].name);
        complain (check, -102, here, "A mandatory parameter is missing.");
      }
}

GPtrArray *
sb_check (const SbRule *rules,
          xmlNode      *request,
          SbCheckFlags  flags)
{
  Check check = { g_ptr_array_new_with_free_func ((GDestroyNotify) sb_error_free), flags };

  check_block (&check, request, rules, "");
  return check.errors;
}
