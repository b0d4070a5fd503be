#ifndef ANKETA_PROGRAMME_COMPATIBILITY_H
#define ANKETA_PROGRAMME_COMPATIBILITY_H

#include <stdint.h>

/*
 * Compatibility: how well what a mentor offers meets what a mentee asks for.
 *
 * Both are lists of topics, times and forms of work as people write them:
 * separated by commas, semicolons or line ends, capitals and blanks at the ends
 * meaning nothing. The figure is the share of what is asked for that is
 * offered, 0 to 100; 0 if nothing is asked for.
 */
#define COMPATIBILITY_TOPICS_MAX 64 /* of one person; the rest is not read */

int32_t
compatibility_score(const char *offered, const char *asked);

#endif
