// SPDX-License-Identifier: Apache-2.0
#include "model/statistics_rows.hpp"

#include "model/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <vector>

namespace sluice::test {
namespace {

std::uint64_t whole(const std::string& word) {
  return std::stoull(word);
}

double statistic(const std::uint32_t* counts,
                 std::uint64_t n,
                 std::uint64_t won,
                 std::uint64_t lost) {
  std::int64_t sum = 0;
  for (std::uint64_t i = 0; i < won + lost; ++i) {
    sum += i < won ? counts[i] : -static_cast<std::int64_t>(counts[i]);
  }
  return static_cast<double>(sum) / static_cast<double>(n);
}

/// What we say to the arguments of a row; they come first in it.
std::vector<double> ours(const std::string& method, const std::vector<std::string>& words) {
  std::vector<double> x;
  for (const std::string& word : words) {
    x.push_back(std::stod(word));
  }
  const auto both = [](model::Interval found) { return std::vector{found.low, found.high}; };
  if (method == "wilson") {
    return both(model::wilson(x[0], x[1], x[2]));
  }
  if (method == "mcnemar") {
    return {model::mcnemar_exact(whole(words[0]), whole(words[1]))};
  }
  if (method == "newcombe") {
    return both(model::two_proportions(x[0], x[1], x[2], x[3], x[4]));
  }
  if (method == "quantile") {
    return {model::normal_quantile(x[0])};
  }
  const std::uint64_t n = whole(words[0]);
  const model::Bootstrap settings{
      .resamples = whole(words[4]), .seed = whole(words[3]), .level = x[5]};
  return both(
      model::bootstrap(static_cast<std::uint32_t>(n), settings, [&](const std::uint32_t* counts) {
        return statistic(counts, n, whole(words[1]), whole(words[2]));
      }));
}

}  // namespace

std::size_t expect_rows_agree(const std::string& rows) {
  std::size_t count = 0;
  std::istringstream in(rows);
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) {
      continue;
    }
    std::istringstream cells(line);
    std::string method;
    cells >> method;
    std::vector<std::string> words;
    for (std::string word; cells >> word;) {
      words.push_back(word);
    }
    const std::vector<double> found = ours(method, words);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double theirs = std::stod(words[words.size() - found.size() + i]);
      // A p of 1e-20 is compared by its digits.
      const double unit = method == "mcnemar" ? theirs : std::max(1.0, std::abs(theirs));
      EXPECT_NEAR(found[i], theirs, 1e-9 * unit) << line;
    }
    ++count;
  }
  return count;
}

}  // namespace sluice::test
