/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli.h"
#include "print.h"

/**
 * ChOrderView: how an order stands at one moment, with the deployments that serve it.
 */
typedef struct
{
  GVariant *order;          /* (owned): a{sv} */
  GVariant *challenges;     /* (owned): aa{sv} */
  GPtrArray *deployments;   /* (element-type ChObject) (owned): those that are enabled and cover its names */
  char *fingerprint;        /* (owned): of the newest certificate; "" before there is one */
} ChOrderView;

/** ChVerdict: what a watcher makes of a view. */
typedef enum
{
  CH_VERDICT_WAIT,
  CH_VERDICT_DONE,
  CH_VERDICT_FAILED,
} ChVerdict;

/**
 * ch_order_view_read:
 * @path: an order
 *
 * Returns: (transfer full): the view, or %NULL with an error
 */
ChOrderView *ch_order_view_read (ChClient   *client,
                                 const char *path,
                                 GError    **error);
void ch_order_view_free (ChOrderView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ChOrderView, ch_order_view_free)

/**
 * ch_order_view_judge:
 * @reason: (out): (transfer full): a sentence for %CH_VERDICT_DONE and %CH_VERDICT_FAILED, else untouched
 */
ChVerdict ch_order_view_judge (ChOrderView *view,
                               char       **reason);

/** ch_order_view_document: (transfer full): one a{sv}: the order with "Challenges" and "Deployments". */
GVariant *ch_order_view_document (ChOrderView *view);

/** ChOrderViewAddFact: takes a thing that may change: a key that stays, how well it is, and a line that tells it. */
typedef void (*ChOrderViewAddFact) (const char *key,
                                    ChColour    colour,
                                    const char *line,
                                    gpointer    data);

/** ch_order_view_facts: calls @add for the order, each server's answer, and each deployment. */
void ch_order_view_facts (ChOrderView        *view,
                          ChOrderViewAddFact  add,
                          gpointer            data);

/** ch_order_next: (transfer full): what is done next with an order's row, and when; "" where nothing is. */
char *ch_order_next (GVariant *order);

/**
 * ch_order_view_lines:
 *
 * Returns: (transfer full) (element-type utf8): what a terminal shows, each line fitting its width
 */
GPtrArray *ch_order_view_lines (ChOrderView *view);
