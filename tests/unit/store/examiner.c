#include "examiner.h"

#include <math.h>
#include <stdlib.h>

#include "harness/harness.h"
#include "store/outbox.h"
#include "store/pages.h"

#define PAGE_BYTES 4096
#define PAGE_SLOTS 6

/* -- reading pages --------------------------------------------------------- */

static size_t
varint(const uint8_t *at, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < 8; i++) {
        *out = *out << 7 | (at[i] & 0x7f);
        if (!(at[i] & 0x80)) {
            return i + 1;
        }
    }
    *out = *out << 8 | at[8];
    return 9;
}

static unsigned
be16(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

size_t
examiner_slots(const uint8_t *image, size_t len, struct examiner_cell *out)
{
    size_t count = 0;
    for (size_t page = PAGES_FIRST; page < len / PAGE_BYTES; page++) {
        for (size_t i = 0; i < PAGE_SLOTS; i++) {
            const uint8_t *body =
                image + page * PAGE_BYTES + i * SLOT_BOX_BYTES;
            assert_true(count < EXAMINER_CELLS_MAX);
            out[count] = (struct examiner_cell){page, i * SLOT_BOX_BYTES,
                                                (int64_t)count + 1, body};
            count++;
        }
    }
    /* The page behind the last extent of a file that has not grown. */
    return count - count % OUTBOX_EXTENT_SLOTS;
}

size_t
examiner_cells(const uint8_t *image, size_t len, struct examiner_cell *out)
{
    size_t count = 0;
    for (size_t page = 0; page < len / PAGE_BYTES; page++) {
        const uint8_t *base = image + page * PAGE_BYTES;
        const uint8_t *head = base + (page == 0 ? 100 : 0);
        if (head[0] != 0x0d) {
            continue;
        }
        for (unsigned i = 0; i < be16(head + 3); i++) {
            size_t offset = be16(head + 8 + (size_t)2 * i);
            uint64_t payload = 0;
            uint64_t rowid = 0;
            const uint8_t *at = base + offset;
            at += varint(at, &payload);
            at += varint(at, &rowid);
            if (payload < EXAMINER_BODY_BYTES
                || payload > EXAMINER_BODY_BYTES + 64) {
                continue;
            }
            assert_true(count < EXAMINER_CELLS_MAX);
            out[count] =
                (struct examiner_cell){page, offset, (int64_t)rowid,
                                       at + payload - EXAMINER_BODY_BYTES};
            count++;
        }
    }
    return count;
}

/* -- what the examiner goes by ----------------------------------------------- */

const char *const examiner_clue_name[EXAMINER_COUNT] = {
    "place in the file", "rowid", "place in the page", "first bytes",
    "bits set"};

double
examiner_value(enum examiner_clue which, const struct examiner_cell *c)
{
    double value = 0;
    switch (which) {
    case EXAMINER_PLACE:
        return (double)c->page * PAGE_BYTES + (double)(PAGE_BYTES - c->offset);
    case EXAMINER_ROWID:
        return (double)c->rowid;
    case EXAMINER_OFFSET:
        return -(double)c->offset;
    case EXAMINER_BYTES:
        for (int i = 0; i < 6; i++) {
            value = value * 256 + c->body[i];
        }
        return value;
    case EXAMINER_BITS:
        for (size_t i = 0; i < EXAMINER_BODY_BYTES; i++) {
            for (unsigned bits = c->body[i]; bits; bits &= bits - 1) {
                value += 1;
            }
        }
        return value;
    case EXAMINER_COUNT:
    default:
        return 0;
    }
}

void
examiner_add(struct examiner_figure *f, double value)
{
    f->sum += value;
    f->squares += value * value;
    f->n++;
}

double
examiner_mean(const struct examiner_figure *f)
{
    return f->n ? f->sum / (double)f->n : 0.5;
}

double
examiner_z(const struct examiner_figure *f)
{
    double mean = examiner_mean(f);
    double variance = f->squares / (double)f->n - mean * mean;
    double error = sqrt(variance / (double)f->n);
    return error > 1e-12 ? (mean - 0.5) / error
                         : (fabs(mean - 0.5) > 1e-9 ? 1e9 : 0);
}

static int
by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

double
examiner_below(double *a, size_t a_count, double *b, size_t b_count)
{
    double below = 0;
    size_t less = 0; /* of a, than b[i] */
    size_t not_more = 0;
    qsort(a, a_count, sizeof(*a), by_value);
    qsort(b, b_count, sizeof(*b), by_value);
    for (size_t i = 0; i < b_count; i++) {
        while (less < a_count && a[less] < b[i]) {
            less++;
        }
        while (not_more < a_count && a[not_more] <= b[i]) {
            not_more++;
        }
        below += ((double)less + (double)not_more) / 2;
    }
    return below / ((double)a_count * (double)b_count);
}

double
examiner_in_order(const double *value, size_t count)
{
    double right = 0;
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            right += value[i] < value[j] ? 1 : 0;
            right += fabs(value[i] - value[j]) < 1e-9 ? 0.5 : 0;
            pairs++;
        }
    }
    return right / (double)pairs;
}
