// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace sluice::text {

namespace {

/// Longer words are never a slip of the finger, and the work grows with the square.
constexpr std::size_t longest_word = 256;

/// The word without what people mix up: case, '-' and '_'.
std::string folded(std::string_view word) {
  std::string plain = to_lower(word);
  std::erase_if(plain, [](char c) { return c == '-' || c == '_'; });
  return plain;
}

/// The only candidate that begins with the word ("autoPromotion" of "autoPromotionEnabled"), when
/// the word says enough to go by.
std::optional<std::string_view> only_completion(std::string_view word,
                                                std::span<const std::string_view> candidates) {
  constexpr std::size_t telling = 4;
  std::optional<std::string_view> found;
  for (const std::string_view candidate : candidates) {
    if (word.size() >= telling && candidate.size() > word.size() && candidate.starts_with(word)) {
      if (found && *found != candidate) {
        return std::nullopt;
      }
      found = candidate;
    }
  }
  return found;
}

}  // namespace

// Optimal string alignment: three rows of the usual table, given up once a whole row is too far.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit) {
    return limit + 1;
  }
  std::array<std::vector<std::size_t>, 3> rows;
  rows.fill(std::vector<std::size_t>(b.size() + 1));
  for (std::size_t j = 0; j <= b.size(); ++j) {
    rows[0][j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], two_above[j - 2] + 1);
      }
    }
    if (*std::ranges::min_element(row) > limit) {
      return limit + 1;
    }
  }
  return std::min(rows[a.size() % 3][b.size()], limit + 1);
}

std::optional<std::string_view> nearest(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  if (word.empty() || word.size() > longest_word) {
    return std::nullopt;
  }
  const std::string plain = folded(word);
  for (const std::string_view candidate : candidates) {
    if (candidate.size() <= longest_word && candidate != word && folded(candidate) == plain) {
      return candidate;
    }
  }
  std::size_t limit = std::max<std::size_t>(1, word.size() / 4);
  std::optional<std::string_view> best;
  for (const std::string_view candidate : candidates) {
    const std::size_t edits = edit_distance(word, candidate, limit);
    if (edits <= limit && edits > 0 && candidate.size() > edits) {
      best = candidate;
      limit = edits - 1;
    }
  }
  return best ? best : only_completion(word, candidates);
}

}  // namespace sluice::text
