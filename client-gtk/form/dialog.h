/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "form/form.h"
#include "model/service.h"

/**
 * ChFormDialog: a window with a name and a #ChForm that adds or changes something. What the service says
 * against it stands at the field that it is about, and nothing that was typed is lost.
 */
#define CH_TYPE_FORM_DIALOG (ch_form_dialog_get_type ())
G_DECLARE_DERIVABLE_TYPE (ChFormDialog, ch_form_dialog, CH, FORM_DIALOG, AdwWindow)

/**
 * ChFormDialogClass:
 * @ask_first: (nullable): whether something must be asked of a person before; ch_form_dialog_save() goes on
 * @save: all that is required is there: asks the service, with ch_form_dialog_act()
 * @saved: (nullable): the service has done it; the window is about to go
 * @failed: (nullable): it has not; else ch_form_dialog_tell() tells why
 */
struct _ChFormDialogClass
{
  AdwWindowClass parent_class;

  gboolean (*ask_first) (ChFormDialog *dialog);
  void (*save) (ChFormDialog *dialog,
                const char   *name);
  void (*saved) (ChFormDialog *dialog,
                 GVariant     *reply);
  void (*failed) (ChFormDialog *dialog,
                  const GError *error);
};

/**
 * ch_form_dialog_begin:
 * @where: over whose window
 * @item: (nullable): what is changed; %NULL: something is added
 * @title: of the window
 *
 * To be called once, before ch_form_dialog_present().
 */
void ch_form_dialog_begin (ChFormDialog *dialog,
                           GtkWidget    *where,
                           ChService    *service,
                           ChItem       *item,
                           const char   *title);
/** ch_form_dialog_present: shows it, with the cursor in its first line. */
void ch_form_dialog_present (ChFormDialog *dialog);

/** ch_form_dialog_get_form: (transfer none): its questions. */
ChForm *ch_form_dialog_get_form (ChFormDialog *dialog);
/** ch_form_dialog_get_service: (transfer none) (nullable): %NULL once it is closed. */
ChService *ch_form_dialog_get_service (ChFormDialog *dialog);
/** ch_form_dialog_get_item: (transfer none) (nullable): what is changed. */
ChItem *ch_form_dialog_get_item (ChFormDialog *dialog);
/** ch_form_dialog_set_top: what stands above the name. */
void ch_form_dialog_set_top (ChFormDialog *dialog,
                             GtkWidget    *widget);
/** ch_form_dialog_set_nameless: what is made here has no name of its own; @verb is what the button says. */
void ch_form_dialog_set_nameless (ChFormDialog *dialog,
                                  const char   *verb);

/** ch_form_dialog_is_renamed: whether @name is another than the item has. */
gboolean ch_form_dialog_is_renamed (ChFormDialog *dialog,
                                    const char   *name);
/** ch_form_dialog_set_busy: while the service is asked, nothing can be pressed twice. */
void ch_form_dialog_set_busy (ChFormDialog *dialog,
                              gboolean      busy);
/** ch_form_dialog_tell: @error is shown where it belongs. */
void ch_form_dialog_tell (ChFormDialog *dialog,
                          const GError *error);
/** ch_form_dialog_show_error: @text, above the form; (nullable): nothing is wrong. */
void ch_form_dialog_show_error (ChFormDialog *dialog,
                                const char   *text);
/** ch_form_dialog_save: as if its button was pressed, but nothing is asked first. */
void ch_form_dialog_save (ChFormDialog *dialog);

/** ch_form_dialog_act: as ch_service_act_async(); the dialog closes when it is done, and tells what is
 * not. */
void ch_form_dialog_act (ChFormDialog *dialog,
                         const char   *path,
                         const char   *interface,
                         const char   *method,
                         GVariant     *parameters,
                         const char   *reply_type);
