#ifndef ANKETA_RENDER_IMAGES_H
#define ANKETA_RENDER_IMAGES_H

#include "base/buf.h"
#include "base/status.h"
#include "render/paint.h"

/*
 * Images: pictures of a questionnaire, decoded (SDL2_image) and made to fit.
 *
 * The last IMAGES_KEPT in their size are kept, so that a page that is painted
 * again costs no decoding. Which sizes a file may have is the reader's to
 * check: it is asked before anything is decoded.
 *
 * Threads  One at a time.
 */
#define IMAGES_KEPT 24
#define IMAGES_FILE_MAX_BYTES ((size_t)8 * 1024 * 1024)

/* Append the file `name` if it may be decoded. */
typedef enum status
images_read(void *self, const char *name, struct buf *out);

struct images;

MUST_CHECK enum status
images_open(images_read *read, void *self, struct images **out);
void
images_close(struct images *im);

/* Another questionnaire, another person: keep none. */
void
images_forget(struct images *im);

/* For paint(); borrows `im`. NULL for NULL. */
const struct paint_images *
images_ops(struct images *im);

#endif
