// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a promotion's commit says. Its trailers are the only state that promotions keep: who
/// promoted what, from where, instead of what.
namespace sluice::promote {

enum class ItemKind : std::uint8_t { image, model, value };

/// One thing that was promoted.
struct Item {
  ItemKind kind = ItemKind::image;
  std::string name;    ///< "ghcr.io/acme/iris", "iris", "apps/web/values.yaml:replicas"
  std::string before;  ///< "ghcr.io/acme/iris:1.4.1@sha256:..."
  std::string after;

  friend bool operator==(const Item&, const Item&) = default;
};

struct Story {
  std::string verb = "promote";  ///< "promote", "rollback", "hold", "release"
  std::string to;                ///< environment
  std::vector<std::string> from;
  std::vector<Item> items;  ///< in the order of the command line
  std::string reason;       ///< of a hold
  std::string source_commit, id, render_digest;
  std::vector<std::string> verdicts;
  std::vector<std::string> checks;  ///< "render=pass validate=pass", "none (--no-check)"
};

using Trailer = std::pair<std::string, std::string>;

/// The whole message. `subject` and `body` are templates, empty for the usual ones. In them {verb},
/// {to}, {from}, {what} ("ghcr.io/acme/iris 1.4.1 -> 1.4.2", or "3 values"), {name}, {before},
/// {after} (of the first item; tags where there are any), {items} (a line for each), {id} and
/// {source-commit} are replaced; "{{" is a brace.
///
/// Trailers: Promoted-To (Rolled-Back, Held-In, Released-In for the other verbs), Promoted-From,
/// Promoted-Image | Promoted-Model | Promoted-Value, Previous (both once for each item, in order),
/// Hold-Reason, Source-Commit, Promotion-Id, Render-Digest, Verdicts, Checks. The same story gives
/// the same bytes.
///
/// Errors (usage): a template with an unknown word in braces.
Result<std::string> message(const Story& story, std::string_view subject, std::string_view body);

/// The trailers of a commit message, in order: the last paragraph, when all its lines are some.
std::vector<Trailer> trailers(std::string_view message);

/// Reads Promoted-* and Previous back. Empty when the message is no promotion's.
std::vector<Item> items_of(std::string_view message);

/// The first trailer of that name, or empty.
std::string trailer(std::string_view message, std::string_view name);

/// 16 hexadecimal digits of what is promoted where instead of what: equal for equal promotions.
std::string promotion_id(const Story& story);

/// "1.4.2" of "ghcr.io/acme/iris:1.4.2@sha256:...", "sha256:0123456789ab" without a tag, the whole
/// for others.
std::string short_version(const std::string& reference);

}  // namespace sluice::promote
