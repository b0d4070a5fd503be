#include "collector/programme/roadmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/i18n.h"

static const char *const stages[ROADMAP_STAGES] = {
    N_("Preparation"),      N_("Bank of mentees"),
    N_("Bank of mentors"),  N_("Selection and training"),
    N_("Pairs and groups"), N_("Work of the pairs"),
    N_("Completion"),       N_("Information support"),
};

static const struct roadmap_usual usual[] = {
    {1, N_("Study the methodology and the local documents")},
    {1, N_("Adopt the order, the regulation and the roadmap")},
    {1, N_("Everybody reads and acknowledges them at the kiosk")},
    {2, N_("Collect requests and consents of mentees")},
    {3, N_("Ask who would like to be a mentor; collect consents")},
    {4, N_("Find mentors that suit the requests")},
    {4, N_("Hold opening sessions and consultations")},
    {5, N_("Hold the group meeting and the vote")},
    {5, N_("Sign the order on pairs and groups")},
    {5, N_("Write individual plans; look on for those left alone")},
    {6, N_("First, trial and planning meetings")},
    {6, N_("Regular meetings and feedback in between")},
    {6, N_("Closing meetings")},
    {7, N_("Monitoring: satisfaction, quality, effect")},
    {7, N_("Closing event, letters of thanks, best practices")},
    {8, N_("Tell about each stage on the site")},
};

const char *
roadmap_stage(int stage)
{
    return stage >= 1 && stage <= ROADMAP_STAGES ? stages[stage - 1] : "";
}

const struct roadmap_usual *
roadmap_usual(size_t *out_count)
{
    *out_count = sizeof(usual) / sizeof(usual[0]);
    return usual;
}

static int
digits(const char *text, size_t count)
{
    int n = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        n = n * 10 + (text[i] - '0');
    }
    return n;
}

enum status
roadmap_day(const char *text, struct day *out)
{
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-') {
        return STATUS_E_INVALID;
    }
    *out = (struct day){.year = digits(text, 4),
                        .month = digits(text + 5, 2),
                        .day = digits(text + 8, 2)};
    return day_valid(*out) ? STATUS_OK : STATUS_E_INVALID;
}
