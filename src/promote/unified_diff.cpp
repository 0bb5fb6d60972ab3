// SPDX-License-Identifier: Apache-2.0
#include "promote/unified_diff.hpp"

#include <algorithm>
#include <vector>

namespace sluice::promote {

namespace {

constexpr std::size_t context = 3;

/// Lines with their line breaks.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// Lines [old_begin, old_end) became [new_begin, new_end).
struct Change {
  std::size_t old_begin, old_end, new_begin, new_end;
};

std::vector<Change> changes_of(const std::vector<std::string_view>& old_lines,
                               const std::vector<std::string_view>& new_lines) {
  std::vector<Change> changes;
  if (old_lines.size() == new_lines.size()) {
    for (std::size_t i = 0; i < old_lines.size(); ++i) {
      if (old_lines[i] == new_lines[i]) {
        continue;
      }
      if (!changes.empty() && changes.back().old_end == i) {
        ++changes.back().old_end;
        ++changes.back().new_end;
      } else {
        changes.push_back({i, i + 1, i, i + 1});
      }
    }
    return changes;
  }
  const std::size_t least = std::min(old_lines.size(), new_lines.size());
  std::size_t head = 0;
  while (head < least && old_lines[head] == new_lines[head]) {
    ++head;
  }
  std::size_t tail = 0;
  while (tail < least - head &&
         old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail]) {
    ++tail;
  }
  changes.push_back({head, old_lines.size() - tail, head, new_lines.size() - tail});
  return changes;
}

void append_lines(std::string& out,
                  char sign,
                  const std::vector<std::string_view>& lines,
                  std::size_t begin,
                  std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    out += sign;
    out += lines[i];
    if (!lines[i].ends_with('\n')) {
      out += "\n\\ No newline at end of file\n";
    }
  }
}

/// "12,7": the first line, from 1, and how many. An empty range names the line before it.
std::string range(std::size_t begin, std::size_t end) {
  return std::to_string(begin == end ? begin : begin + 1) + ',' + std::to_string(end - begin);
}

}  // namespace

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  if (before == after) {
    return {};
  }
  const auto old_lines = lines_of(before);
  const auto new_lines = lines_of(after);
  const std::vector<Change> changes = changes_of(old_lines, new_lines);
  const std::string name(path);
  std::string out = "diff --git a/" + name + " b/" + name + '\n';
  out += before.empty() ? "new file mode 100644\n--- /dev/null\n" : "--- a/" + name + '\n';
  out += "+++ b/" + name + '\n';
  for (std::size_t first = 0; first < changes.size();) {
    std::size_t last = first;  // changes whose context touches share a hunk
    while (last + 1 < changes.size() &&
           changes[last + 1].old_begin - changes[last].old_end <= 2 * context) {
      ++last;
    }
    const std::size_t lead = std::min(context, changes[first].old_begin);
    const std::size_t rest = std::min(context, old_lines.size() - changes[last].old_end);
    out += "@@ -" + range(changes[first].old_begin - lead, changes[last].old_end + rest) + " +" +
           range(changes[first].new_begin - lead, changes[last].new_end + rest) + " @@\n";
    std::size_t at = changes[first].old_begin - lead;
    for (std::size_t i = first; i <= last; ++i) {
      append_lines(out, ' ', old_lines, at, changes[i].old_begin);
      append_lines(out, '-', old_lines, changes[i].old_begin, changes[i].old_end);
      append_lines(out, '+', new_lines, changes[i].new_begin, changes[i].new_end);
      at = changes[i].old_end;
    }
    append_lines(out, ' ', old_lines, at, changes[last].old_end + rest);
    first = last + 1;
  }
  return out;
}

}  // namespace sluice::promote
