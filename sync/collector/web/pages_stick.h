#ifndef ANKETA_COLLECTOR_WEB_PAGES_STICK_H
#define ANKETA_COLLECTOR_WEB_PAGES_STICK_H

#include "collector/http/request.h"
#include "wire/batch.h"
#include "wire/receipt.h"

/*
 * Pages: what came on a USB stick. `self` is the desk; for coordinator and
 * technician. Nothing is kept between the three: the receipt travels in the
 * page, and the library is made when it is asked for.
 *
 *   /stick          POST: batch files, several at once
 *   /stick/receipt  POST: a receipt, as the file to save on the stick
 *   /stick/library  POST: the questionnaires for one kiosk, likewise
 */
#define PAGES_STICK_UPLOAD_MAX_BYTES (4 * BATCH_MAX_BYTES + (size_t)16384)
#define PAGES_STICK_RECEIPT_MAX_BYTES (2 * RECEIPT_MAX_BYTES + (size_t)4096)

void
pages_stick(void *self, const struct request *rq, struct response *rs);
void
pages_stick_receipt(void *self, const struct request *rq, struct response *rs);
void
pages_stick_library(void *self, const struct request *rq, struct response *rs);

#endif
