// SPDX-License-Identifier: Apache-2.0
#include "cli/limits.hpp"

#include "base/text.hpp"

#include <charconv>
#include <limits>

namespace sluice::cli {
namespace {

template <class Target>
std::function<Status(const std::string&)> into_size(std::string_view flag, Target& target) {
  return [flag, &target](const std::string& value) -> Status {
    std::uint64_t size = 0;
    SLUICE_TRY_ASSIGN(size, parse_size(flag, value));
    if (size > std::numeric_limits<Target>::max()) {
      return Error{Error::Kind::usage,
                   "--" + std::string(flag) + " " + text::printable(value) + " is too large"};
    }
    target = static_cast<Target>(size);
    return ok;
  };
}

}  // namespace

Result<std::uint64_t> parse_size(std::string_view flag, const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string suffix(end, text.data() + text.size());
  const unsigned shift = suffix == "Ki" ? 10 : suffix == "Mi" ? 20 : suffix == "Gi" ? 30 : 0;
  if (failed != std::errc{} || (shift == 0 && !suffix.empty()) || number == 0 ||
      number > std::numeric_limits<std::uint32_t>::max()) {
    return Error{Error::Kind::usage, "--" + std::string(flag) + " " + text::printable(text) +
                                         " is not a size such as 1000 or 16Mi"};
  }
  return number << shift;
}

void add_limit_flags(yaml::Limits& limits,
                     std::vector<Flag>& flags,
                     std::string_view largest_stream) {
  flags.push_back({"max-depth", 0, Arity::one, "N",
                   "Refuse documents nested deeper than this (1000)",
                   into_size("max-depth", limits.depth)});
  flags.push_back({"max-document-size", 0, Arity::one, "BYTES", "Refuse larger documents (16Mi)",
                   into_size("max-document-size", limits.document_bytes)});
  flags.push_back({"max-stream-size", 0, Arity::one, "BYTES", largest_stream,
                   into_size("max-stream-size", limits.stream_bytes)});
}

void add_partial_flag(yaml::Limits& limits, std::vector<Flag>& flags) {
  flags.push_back({"partial", 0, Arity::switch_on, "",
                   "Take a stream of sluice-render --changed-since, which holds only what changed",
                   [&limits](const std::string&) {
                     limits.partial = yaml::Partial::accept;
                     return ok;
                   }});
}

}  // namespace sluice::cli
