/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "contract.h"
#include "folder.h"

#include "store/shelf.h"
#include "store/store.h"

/* The contract, kept by the vault of the system bus. */
int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_unsetenv ("CREDENTIALS_DIRECTORY");

  g_autofree char *folder = g_dir_make_tmp ("chancery-vault-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (folder, "state.db", NULL);
  ch_store_close (ch_store_open (path, &error));
  g_assert_no_error (error);
  ChVaultShelf *shelf = ch_shelf_new (path, &error);
  g_assert_no_error (error);
  ChVault *vault = ch_vault_open_system (shelf, folder, &error);
  g_assert_no_error (error);

  add_contract_tests (vault);
  int status = g_test_run ();
  ch_vault_close (vault);
  remove_folder (folder);
  return status;
}
