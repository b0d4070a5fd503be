# The reference: every statistic that pages, PDF, files and API show, computed by
# R on 500 random data sets each, written to the file named as the first argument.
#
#   Rscript tests/data/stats/make.R reference.txt
#
# Needs r-base-core and r-cran-coin. Base R or coin wherever they have the
# method; where neither does, the formula is written out here from the raw data
# (matrices of all pairs, enumeration), not from counts as in the C code.
# tests/unit/summary/test_reference.c reads the result; the first line tells
# which versions made it.
#
# Lines: "set <n>", then "<kind> <inputs> = <results>"; samples are given as
# value:count.
suppressPackageStartupMessages(library(coin))
RNGversion("4.0.0")
set.seed(20261123)
level <- 0.95
out <- file(commandArgs(TRUE)[1], "w")

num <- function(x) {
  s <- formatC(x, digits = 17, format = "g", width = 1)
  s[is.na(x)] <- "nan"
  paste(s, collapse = " ")
}
counted <- function(x) {
  t <- table(x)
  v <- as.numeric(names(t))
  paste(sprintf("%s:%d", formatC(v, digits = 15, format = "g", width = 1),
                as.integer(t)), collapse = " ")
}
line <- function(kind, inputs, results) {
  writeLines(paste0(kind, " ", paste(inputs, collapse = " | "), " = ",
                    num(results)), out)
}

# A sample of one of the kinds of questions.
sample_kind <- function(kind, n) {
  switch(kind,
    scale = pmin(pmax(round(rnorm(n, runif(1, 3, 9), runif(1, 0.3, 3))), 1), 10),
    likert = sample(1:5, n, TRUE, prob = runif(5)^2 + 0.01),
    nps = sample(0:10, n, TRUE, prob = runif(11)^2 + 0.01),
    number = round(rlnorm(n, 2, 1), 2),
    same = rep(sample(1:10, 1), n),
    binary = sample(0:1, n, TRUE, prob = c(runif(1, 0.05, 0.95), 0.5)))
}

describe <- function(x) {
  ci <- if (length(x) > 1 && sd(x) > 0) t.test(x, conf.level = level)$conf.int
        else if (length(x) > 1) rep(mean(x), 2) else c(NA, NA)
  line("describe", counted(x), c(length(x), mean(x), sd(x), ci, min(x),
       quantile(x, c(0.25, 0.5, 0.75), type = 7), max(x)))
}

wilson <- function(hits, n) {
  ci <- suppressWarnings(prop.test(hits, n, conf.level = level,
                                   correct = FALSE)$conf.int)
  line("wilson", paste(hits, n), ci)
}

# Top-2-box and "satisfied": the share at and above a cut, up to the scale's end.
share <- function(x, low, high) {
  hits <- sum(x >= low & x <= high)
  line("share", c(counted(x), paste(low, high)), c(hits, hits / length(x),
    suppressWarnings(prop.test(hits, length(x), conf.level = level,
                               correct = FALSE)$conf.int)))
}

# Equal bins of a round width (1, 2 or 5 times a power of ten), not more than
# R's own nclass.Sturges asks for; the counts are R's.
histogram <- function(x) {
  span <- diff(range(x))
  round_widths <- sort(as.vector(outer(c(1, 2, 5), 10^(-6:9))))
  width <- if (span > 0)
             round_widths[round_widths >= span / (1 + log2(length(x))) * (1 - 1e-9)][1]
           else 1
  from <- floor(min(x) / width)
  bin <- floor(x / width + 1e-9) - from
  line("histogram", counted(x),
       c(from * width, width, tabulate(bin + 1, floor(max(x) / width + 1e-9) - from + 1)))
}

nps <- function(x) {
  n <- length(x)
  score <- ifelse(x >= 9, 100, ifelse(x <= 6, -100, 0))
  # three more answers: 3/4 promoters, 3/2 passives, 3/4 detractors
  w <- c(rep(1, n), 0.75, 1.5, 0.75) / (n + 3)
  s <- c(score, 100, 0, -100)
  m <- sum(w * s)
  half <- qnorm(0.5 + level / 2) * sqrt(sum(w * (s - m)^2) / (n + 3))
  line("nps", counted(x), c(mean(score), max(m - half, -100),
                            min(m + half, 100)))
}

unlinked <- function(a, b) {
  n1 <- length(a); n2 <- length(b)
  u <- sum(outer(b, a, ">")) + sum(outer(b, a, "==")) / 2
  distinct <- length(unique(c(a, b)))
  exact <- n1 + n2 <= 110 || distinct <= 2
  all_same <- distinct == 1
  p <- if (all_same) 1
       else if (exact) {
         d <- data.frame(v = c(a, b),
                         g = factor(rep(c("a", "b"), c(n1, n2))))
         as.numeric(pvalue(wilcox_test(v ~ g, d, distribution = exact())))
       } else suppressWarnings(wilcox.test(b, a, exact = FALSE)$p.value)
  # What these sizes and ties can show at most: one side has all low answers.
  least <- function(low, high) {
    pooled <- sort(c(a, b))
    d <- data.frame(v = pooled, g = factor(rep(c("a", "b"), c(low, high))))
    as.numeric(pvalue(wilcox_test(v ~ g, d, distribution = exact())))
  }
  least_p <- if (all_same) 1 else if (exact) min(least(n1, n2), least(n2, n1)) else 0
  w <- if (n1 > 1 && n2 > 1 && sd(a) + sd(b) > 0)
         t.test(b, a, conf.level = level)$conf.int else c(NA, NA)
  d <- sign(outer(b, a, "-")) # rows: second sample
  delta <- mean(d)
  ci <- c(NA, NA)
  if (n1 > 1 && n2 > 1) {
    z <- qnorm(0.5 + level / 2)
    if (abs(delta) == 1) {
      m <- min(n1, n2)
      end <- (m - z^2) / (m + z^2)
      ci <- if (delta > 0) c(end, 1) else c(-1, -end)
    } else {
      s2 <- (n1^2 * sum((rowMeans(d) - delta)^2) +
             n2^2 * sum((colMeans(d) - delta)^2) - sum((d - delta)^2)) /
            (n1 * n2 * (n1 - 1) * (n2 - 1))
      s2 <- max(s2, (1 - delta^2) / (n1 * n2 - 1))
      half <- z * sqrt(s2) * sqrt((1 - delta^2)^2 + z^2 * s2)
      ci <- (delta - delta^3 + c(-half, half)) / (1 - delta^2 + z^2 * s2)
    }
  }
  line("unlinked", c(counted(a), counted(b)),
       c(mean(b) - mean(a), w, u, p, as.numeric(exact), delta, ci, least_p))
}

linked <- function(diff) {
  n <- length(diff)
  nz <- sum(diff != 0)
  if (nz == 0) return(invisible())
  exact <- n <= 200
  least_p <- if (exact) as.numeric(pvalue(wilcoxsign_test(
           y ~ x, data.frame(y = abs(diff), x = 0), zero.method = "Pratt",
           distribution = exact()))) else 0
  r <- rank(abs(diff))
  plus <- sum(r[diff > 0]); minus <- sum(r[diff < 0])
  p <- if (exact) as.numeric(pvalue(wilcoxsign_test(
           y ~ x, data.frame(y = diff, x = 0), zero.method = "Pratt",
           distribution = exact())))
       else suppressWarnings(wilcox.test(diff, exact = FALSE)$p.value)
  ci <- if (n > 1 && sd(diff) > 0) t.test(diff, conf.level = level)$conf.int
        else if (n > 1) rep(mean(diff), 2) else c(NA, NA)
  rb <- (plus - minus) / (plus + minus)
  z <- qnorm(0.5 + level / 2)
  rci <- if (abs(rb) == 1) {
    low <- 2 * prop.low(nz) - 1
    if (rb > 0) c(low, 1) else c(-1, -low)
  } else {
    se <- sqrt((2 * nz^3 + 3 * nz^2 + nz) / 6) / ((nz^2 + nz) / 2)
    tanh(atanh(rb) + c(-1, 1) * z * se)
  }
  line("linked", counted(diff), c(mean(diff), ci, plus, p, as.numeric(exact),
                                  rb, rci, least_p))
}
prop.low <- function(n)
  suppressWarnings(prop.test(n, n, conf.level = level, correct = FALSE))$conf.int[1]

rows_text <- function(m) paste(apply(m, 1, paste, collapse = ","), collapse = " ")

alpha <- function(m) {
  k <- ncol(m); n <- nrow(m)
  v <- cov(m)
  a <- k / (k - 1) * (1 - sum(diag(v)) / sum(v))
  f <- qf(c(0.5 + level / 2, 0.5 - level / 2), n - 1, (n - 1) * (k - 1))
  # and the scale itself, the mean of a person's items
  score <- rowMeans(m)
  ci <- if (sd(score) > 0) t.test(score, conf.level = level)$conf.int else rep(mean(score), 2)
  line("alpha", c(k, rows_text(m)), c(a, 1 - (1 - a) * f, mean(score), ci,
       mean(m[, k]), if (sd(m[, k]) > 0) t.test(m[, k], conf.level = level)$conf.int
                     else rep(mean(m[, k]), 2)))
}

holm <- function(p) line("holm", num(p), p.adjust(p, "holm"))

crosstab <- function(m) {
  used <- m[rowSums(m) > 0, colSums(m) > 0, drop = FALSE]
  n <- sum(used); r <- nrow(used); c <- ncol(used)
  if (r < 2 || c < 2) return(invisible())
  chi <- suppressWarnings(chisq.test(used, correct = FALSE)$statistic)
  phi <- max(chi / n - (r - 1) * (c - 1) / (n - 1), 0)
  side <- min(r - (r - 1)^2 / (n - 1), c - (c - 1)^2 / (n - 1)) - 1
  line("crosstab", c(nrow(m), ncol(m), rows_text(m)),
       c(chi, if (side > 0) min(sqrt(phi / side), 1) else NA))
}

# Ballots name some options, best first; Schulze by widest paths searched with
# brute force over thresholds (reachability), not by Floyd-Warshall.
ranking <- function(k, ballots) {
  place <- sapply(ballots, function(b) { p <- rep(NA, k); p[b] <- seq_along(b); p })
  place <- matrix(place, nrow = k)
  full <- ifelse(is.na(place), k + 1, place)
  above <- sapply(1:k, function(j) sapply(1:k, function(i)
    sum(full[i, ] < full[j, ]))) # [i, j]
  beats <- above > t(above)
  width <- matrix(0, k, k)
  for (w in sort(unique(above[beats]))) {
    edge <- beats & above >= w
    reach <- edge
    for (s in seq_len(k)) reach <- reach | (reach %*% edge > 0)
    width[reach] <- w
  }
  diag(width) <- 0
  wins <- sapply(1:k, function(i) all(beats[i, -i]))
  first <- rowSums(!is.na(place) & place == 1)
  n <- length(ballots)
  interval <- sapply(first, function(hits) suppressWarnings(
    prop.test(hits, n, conf.level = level, correct = FALSE)$conf.int))
  line("ranking", c(k, paste(sapply(ballots, paste, collapse = ","), collapse = " ")),
       c(if (any(wins)) which(wins) - 1 else k,
         rowMeans(place, na.rm = TRUE),
         rowSums(k - place, na.rm = TRUE),
         sapply(1:k, function(i) sum(width[, i] > width[i, ])),
         first / n, interval[1, ], interval[2, ]))
  meeting(k, ballots, above)
}

# The same ballots as a vote counts them: Schulze over margins, points of ties
# shared. Winners as sums of powers of two.
meeting <- function(k, ballots, above) {
  margin <- above - t(above)
  width <- matrix(0, k, k)
  for (w in sort(unique(margin[margin > 0]))) {
    edge <- margin >= w
    reach <- edge
    for (s in seq_len(k)) reach <- reach | (reach %*% edge > 0)
    width[reach] <- w
  }
  diag(width) <- 0
  diag(margin) <- 0
  points <- rowSums(sapply(ballots, function(b) {
    p <- rep(NA, k); p[b] <- k - seq_along(b)
    p[is.na(p)] <- (k - length(b) - 1) / 2
    p }))
  worst <- apply(margin, 1, min)
  copeland <- rowSums(sign(margin))
  set <- function(who) sum(2^(which(who) - 1))
  line("meeting", c(k, paste(sapply(ballots, paste, collapse = ","), collapse = " ")),
       c(set(sapply(1:k, function(i) all(margin[i, -i] > 0))),
         set(sapply(1:k, function(i) all(width[i, ] >= width[, i]))),
         set(copeland == max(copeland)), set(worst == max(worst)),
         set(abs(points - max(points)) < 1e-9), 2 * points, copeland))
}

# Beyond 4e5 degrees of freedom R itself turns to approximations.
special <- function() {
  df <- exp(runif(1, 0, 12)); df2 <- exp(runif(1, 0, 10))
  p <- runif(1, 0.001, 0.999); t <- rnorm(1, 0, 2.5); f <- rlnorm(1)
  line("special", num(c(p, df, df2, t, f)),
       c(qnorm(p), qt(p, df), qf(p, df, df2), pt(t, df), pf(f, df, df2)))
}

writeLines(sprintf("# R %s, coin %s", getRversion(),
                   packageVersion("coin")), out)
kinds <- c("scale", "scale", "scale", "likert", "likert", "nps", "number",
           "binary", "same")
for (set in 1:500) {
  writeLines(paste("set", set), out)
  kind <- sample(kinds, 1)
  big <- set %% 50 == 0
  n1 <- if (big) 260 else sample(c(1:60, 2:12), 1)
  n2 <- if (big) 150 else sample(c(1:50, 2:12), 1)
  a <- sample_kind(kind, n1)
  b <- sample_kind(kind, n2)
  describe(a)
  histogram(a)
  wilson(sum(a >= median(a)), n1)
  share(sample_kind("scale", n1), sample(c(7, 9), 1), 10)
  nps(sample_kind("nps", n1))
  unlinked(a, b)
  pairs <- if (big) 380 else n2
  repeat {
    diff <- if (big) setdiff(round(rnorm(pairs, 0.3, 40)), 0)
            else round(sample_kind(kind, pairs) - sample_kind(kind, pairs), 2)
    if (any(diff != 0)) break
    kind <- "scale"
  }
  linked(diff)
  special()
  k <- sample(2:8, 1); n <- sample(3:45, 1)
  trait <- rnorm(n, 0, 1.5)
  repeat {
    m <- matrix(pmin(pmax(round(rep(trait, k) + rnorm(n * k, 5.5, 1.5)), 1), 10), n)
    if (sd(rowSums(m)) > 0) break
  }
  alpha(m)
  holm(runif(sample(1:12, 1))^3)
  repeat {
    m <- matrix(rpois(sample(2:5, 1) * 6, 3), ncol = 6)
    if (sum(rowSums(m) > 0) > 1 && sum(colSums(m) > 0) > 1) break
  }
  crosstab(m)
  k <- sample(2:6, 1)
  ranking(k, lapply(1:sample(1:25, 1), function(i)
    sample(k, sample(k, 1), prob = k:1)))
}
close(out)
