#ifndef ANKETA_TESTS_UI_SHEET_H
#define ANKETA_TESTS_UI_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Sheet: a contact sheet of very many small pictures, written as one PNG.
 *
 * Rows are pages, told apart by name and by how often that name came in this
 * column; columns are settings. Cells are kept packed until the sheet is
 * written line by line, so that a sheet of 200 megapixels needs some 90 MB.
 */
#define SHEET_COLUMNS_MAX 32
#define SHEET_NAME_BYTES 160

struct sheet;

/* Pixels are 0x00RRGGBB. NULL without memory. */
struct sheet *
sheet_new(int cell_width, int cell_height, int label_width);
void
sheet_free(struct sheet *s);

/* Where a page stands: `part` counts pages of the same name, from 0. Rows are
 * made in the order in which pages come. */
bool
sheet_put(struct sheet *s, int column, const char *name, int part,
          const uint32_t *pixels, int stride);

/* Draws `name` into `label_width` x `cell_height` white pixels. */
typedef void
sheet_label(void *self, const char *name, uint32_t *pixels, int stride);

/* False with a line on standard error. */
bool
sheet_write(const struct sheet *s, const char *path, sheet_label *label,
            void *self);

size_t
sheet_rows(const struct sheet *s);

/* One picture by itself. */
bool
sheet_write_page(const char *path, const uint32_t *pixels, int width,
                 int height, int stride);

#endif
