/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "overview/bar.h"

#define HEIGHT 120
#define WIDEST 44
#define SMALLEST 3
#define SWATCH 14
#define GAP 3

struct _ChBar
{
  GtkWidget parent_instance;

  ChPeriodRow period;
  gint64 most;                /* 0: it is a swatch, or nothing comes at all */
  int part;                   /* of a swatch; -1: it is a bar */
  int name_width;             /* of the longest name of all months; 0: not measured in this font */
};

G_DEFINE_FINAL_TYPE (ChBar, ch_bar, GTK_TYPE_WIDGET)

typedef enum
{
  PATTERN_FULL,
  PATTERN_STRIPES,
  PATTERN_CROSSED,
  PATTERN_HOLLOW,
} Pattern;

/* Colours of libadwaita, which high contrast and dark style change. */
static const struct
{
  const char *colour;
  const char *fallback;
  Pattern pattern;
} looks[CH_PERIOD_N_PARTS] = {
  [CH_PERIOD_UNATTENDED] = { "error_color", "#c01c28", PATTERN_FULL },
  [CH_PERIOD_ENDS] = { "accent_color", "#1c71d8", PATTERN_FULL },
  [CH_PERIOD_REISSUES] = { "success_color", "#1b8553", PATTERN_STRIPES },
  [CH_PERIOD_RENEWALS] = { "success_color", "#1b8553", PATTERN_CROSSED },
  [CH_PERIOD_TERM_ENDS] = { "window_fg_color", "#5e5c64", PATTERN_HOLLOW },
};

/* parts */

static GdkRGBA
find_colour (ChBar        *self,
             ChPeriodPart  part)
{
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (GTK_WIDGET (self)), looks[part].colour,
                                       &colour))
    gdk_rgba_parse (&colour, looks[part].fallback);

  return colour;
}

/* Lines from the lower left to the upper right; and back, where they cross. */
static void
draw_lines (cairo_t *cr,
            double   x,
            double   y,
            double   width,
            double   height,
            gboolean crossed)
{
  for (double at = -height; at < width; at += 5)
    {
      cairo_move_to (cr, x + at, y + height);
      cairo_line_to (cr, x + at + height, y);
      if (crossed)
        {
          cairo_move_to (cr, x + at, y);
          cairo_line_to (cr, x + at + height, y + height);
        }
    }
  cairo_stroke (cr);
}

static void
draw_part (ChBar        *self,
           cairo_t      *cr,
           ChPeriodPart  part,
           double        x,
           double        y,
           double        width,
           double        height)
{
  GdkRGBA colour = find_colour (self, part);
  Pattern pattern = looks[part].pattern;

  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_save (cr);
  cairo_rectangle (cr, x, y, width, height);
  cairo_clip (cr);
  cairo_set_line_width (cr, 1.5);
  if (pattern == PATTERN_FULL)
    cairo_paint (cr);
  else if (pattern != PATTERN_HOLLOW)
    draw_lines (cr, x, y, width, height, pattern == PATTERN_CROSSED);
  /* Twice as wide, as one half is clipped away. */
  cairo_set_line_width (cr, pattern == PATTERN_FULL ? 0.01 : 2.5);
  cairo_rectangle (cr, x, y, width, height);
  cairo_stroke (cr);
  cairo_restore (cr);
}

/* texts */

static PangoLayout *
new_text (ChBar      *self,
          const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

static char *
format_start (ChBar      *self,
              const char *format)
{
  g_autoptr(GDateTime) start = g_date_time_new_from_unix_local (self->period.from);

  return start != NULL ? g_date_time_format (start, format) : g_strdup ("");
}

static int
measure_names (ChBar *self)
{
  for (int month = 1; month <= 12 && self->part < 0; month++)
    {
      g_autoptr(GDateTime) day = g_date_time_new_utc (2027, month, 1, 0, 0, 0);
      g_autofree char *name = g_date_time_format (day, "%Ob");
      g_autoptr(PangoLayout) layout = new_text (self, name);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      self->name_width = MAX (self->name_width, width);
    }

  return self->name_width;
}

/* “Mar”; where there is no room for all of them only the first letter, which with its neighbours still says
 * enough. */
static PangoLayout *
new_name (ChBar *self,
          int    width)
{
  g_autofree char *name = format_start (self, "%Ob");
  int needed = self->name_width > 0 ? self->name_width : measure_names (self);

  if (needed > width && *name != '\0')
    *g_utf8_next_char (name) = '\0';

  return new_text (self, name);
}

static void
draw_text (ChBar       *self,
           GtkSnapshot *snapshot,
           PangoLayout *layout,
           int          width,
           double       y)
{
  GdkRGBA colour;
  int text_width;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  pango_layout_get_pixel_size (layout, &text_width, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (width - text_width) / 2, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, &colour);
  gtk_snapshot_restore (snapshot);
}

static int
line_height (ChBar *self)
{
  g_autoptr(PangoLayout) layout = new_text (self, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

/* the whole */

/* Returns where the bar's top is. */
static int
draw_parts (ChBar   *self,
            cairo_t *cr,
            int      width,
            int      top,
            int      bottom)
{
  int heights[CH_PERIOD_N_PARTS];
  int bar = MIN (width - 4, WIDEST);
  int y = bottom;

  ch_period_row_scale (&self->period, self->most, bottom - top, SMALLEST, heights);
  for (int i = 0; i < CH_PERIOD_N_PARTS; i++)
    if (heights[i] > 0)
      {
        y -= heights[i];
        draw_part (self, cr, (ChPeriodPart) i, (width - bar) / 2, y, bar, heights[i]);
      }

  return y;
}

static void
draw_base (ChBar   *self,
           cairo_t *cr,
           int      width,
           int      y)
{
  GdkRGBA colour;

  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  colour.alpha *= 0.3f;
  gdk_cairo_set_source_rgba (cr, &colour);
  cairo_rectangle (cr, 0, y, width, 1);
  cairo_fill (cr);
}

static void
draw_sum (ChBar       *self,
          GtkSnapshot *snapshot,
          int          width,
          double       y)
{
  gint64 sum = ch_period_row_sum (&self->period);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, sum);
  g_autoptr(PangoLayout) layout = new_text (self, text);
  int needed;

  pango_layout_get_pixel_size (layout, &needed, NULL);
  if (sum > 0 && needed <= width)
    draw_text (self, snapshot, layout, width, y);
}

static void
ch_bar_snapshot (GtkWidget   *widget,
                 GtkSnapshot *snapshot)
{
  ChBar *self = CH_BAR (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  int line = self->part >= 0 ? 0 : line_height (self);
  int bottom = height - line - GAP;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot,
                                           &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  int top = bottom;

  if (self->part >= 0)
    draw_part (self, cr, (ChPeriodPart) self->part, 0, (height - SWATCH) / 2, SWATCH, SWATCH);
  else
    {
      top = draw_parts (self, cr, width, line + GAP, bottom);
      draw_base (self, cr, width, bottom);
    }
  cairo_destroy (cr);

  if (self->part < 0)
    {
      g_autoptr(PangoLayout) name = new_name (self, width);

      draw_sum (self, snapshot, width, top - line - 1);
      draw_text (self, snapshot, name, width, bottom + GAP);
    }
}

static void
ch_bar_measure (GtkWidget      *widget,
                GtkOrientation  orientation,
                int             for_size,
                int            *minimum,
                int            *natural,
                int            *minimum_baseline,
                int            *natural_baseline)
{
  ChBar *self = CH_BAR (widget);

  if (self->part >= 0)
    *minimum = *natural = SWATCH;
  else if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = 12;
      *natural = WIDEST;
    }
  else
    *minimum = *natural = HEIGHT + 2 * (line_height (self) + GAP);
}

static void
ch_bar_css_changed (GtkWidget         *widget,
                    GtkCssStyleChange *change)
{
  CH_BAR (widget)->name_width = 0;
  GTK_WIDGET_CLASS (ch_bar_parent_class)->css_changed (widget, change);
}

static void
ch_bar_class_init (ChBarClass *class)
{
  GtkWidgetClass *widget = GTK_WIDGET_CLASS (class);

  widget->snapshot = ch_bar_snapshot;
  widget->measure = ch_bar_measure;
  widget->css_changed = ch_bar_css_changed;
  gtk_widget_class_set_accessible_role (widget, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
ch_bar_init (ChBar *self)
{
  self->part = -1;
}

void
ch_bar_set_period (ChBar             *self,
                   const ChPeriodRow *period,
                   gint64             most)
{
  self->period = *period;
  self->most = most;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GtkWidget *
ch_bar_new_swatch (ChPeriodPart part)
{
  ChBar *self = g_object_new (CH_TYPE_BAR, NULL);

  self->part = (int) part;
  return GTK_WIDGET (self);
}
