#include "planned_desk.h"

static const struct staff_desk *
real(void *self)
{
    return desk_ops(((struct planned_desk *)self)->real);
}

static void
report(void *self, enum staff_page which, enum i18n_lang lang,
       struct staff_report *out)
{
    real(self)->report(real(self)->self, which, lang, out);
}

static void
address(void *self, char out[STAFF_ADDRESS_BYTES])
{
    real(self)->address(real(self)->self, out);
}

static void
nothing(void *self)
{
    (void)self;
}

enum status
planned_desk_open(struct planned_desk *d, const char *dir,
                  struct source *source, const struct clock *clock)
{
    const struct desk_options options = {.dir = dir,
                                         .clock = clock,
                                         .source = source,
                                         .done = nothing,
                                         .self = d};
    sample_desk_init(&d->sample);
    d->sample.sticks = 1;
    d->sample.brightness = -1;
    d->sample.ops.report = report;
    d->sample.ops.address = address;
    d->real = NULL;
    enum status st = desk_open(&options, &d->real);
    if (st >= 0) {
        real(d)->hours(real(d)->self, &d->sample.hours);
    }
    return st;
}

void
planned_desk_close(struct planned_desk *d)
{
    desk_close(d->real);
}
