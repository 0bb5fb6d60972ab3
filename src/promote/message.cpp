// SPDX-License-Identifier: Apache-2.0
#include "promote/message.hpp"

#include "base/sha256.hpp"
#include "base/text.hpp"
#include "image/reference.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sluice::promote {

namespace {

constexpr std::array<std::pair<ItemKind, std::string_view>, 3> item_trailers = {
    {{ItemKind::image, "Promoted-Image"},
     {ItemKind::model, "Promoted-Model"},
     {ItemKind::value, "Promoted-Value"}}};
constexpr std::size_t longest_value = 2048;

/// A name beside its value, where the value does not hold it.
std::string with_name(const Item& item, const std::string& value) {
  return item.kind == ItemKind::image ? value : item.name + ' ' + value;
}

std::string what(const Story& story) {
  if (story.items.size() != 1) {
    return story.items.empty() ? std::string("everything")
                               : text::counted(story.items.size(), "value");
  }
  const Item& item = story.items[0];
  if (item.after.empty()) {
    return item.name;
  }
  return item.name + ' ' + short_version(item.before) + " -> " + short_version(item.after);
}

std::string item_lines(const Story& story) {
  std::string lines;
  for (const Item& item : story.items) {
    lines += item.after.empty() ? item.name + '\n'
                                : item.name + ": " + short_version(item.before) + " -> " +
                                      short_version(item.after) + '\n';
  }
  return lines.substr(0, lines.empty() ? 0 : lines.size() - 1);
}

std::optional<std::string> word_value(const Story& story, std::string_view word) {
  const Item first = story.items.empty() ? Item{} : story.items[0];
  const std::pair<std::string_view, std::string> words[] = {
      {"verb", story.verb},
      {"to", story.to},
      {"from", text::join(story.from, ", ")},
      {"what", what(story)},
      {"name", first.name},
      {"before", short_version(first.before)},
      {"after", short_version(first.after)},
      {"items", item_lines(story)},
      {"id", story.id},
      {"source-commit", story.source_commit},
  };
  const auto found =
      std::ranges::find(words, word, &std::pair<std::string_view, std::string>::first);
  return found == std::end(words) ? std::nullopt : std::optional(found->second);
}

Result<std::string> fill(std::string_view pattern, const Story& story) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = std::min(pattern.find('{'), pattern.size());
    out += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.starts_with("{{")) {
      out += '{';
      pattern.remove_prefix(2);
    } else if (!pattern.empty()) {
      const std::size_t close = std::min(pattern.find('}'), pattern.size());
      const std::string_view word = pattern.substr(1, close - 1);
      const auto value = word_value(story, word);
      if (!value || close == pattern.size()) {
        return Error{Error::Kind::usage, "promote.message: there is no {" +
                                             text::printable(word, 40) +
                                             "} (a brace itself is \"{{\")"};
      }
      out += *value;
      pattern.remove_prefix(close + 1);
    }
  }
  return out;
}

/// One line, so that no value can add a trailer of its own.
std::string one_line(const std::string& value) {
  return text::printable(value, longest_value);
}

void add(std::string& out, std::string_view key, const std::string& value) {
  if (!value.empty()) {
    out += std::string(key) + ": " + one_line(value) + '\n';
  }
}

/// So that no reader takes a hold for a promotion.
std::string_view place_trailer(std::string_view verb) {
  return verb == "rollback"  ? "Rolled-Back"
         : verb == "hold"    ? "Held-In"
         : verb == "release" ? "Released-In"
                             : "Promoted-To";
}

std::string trailer_lines(const Story& story) {
  std::string out;
  add(out, place_trailer(story.verb), story.to);
  for (const std::string& from : story.from) {
    add(out, "Promoted-From", from);
  }
  for (const Item& item : story.items) {
    const auto key =
        std::ranges::find(item_trailers, item.kind, &std::pair<ItemKind, std::string_view>::first);
    if (!item.after.empty()) {
      add(out, key->second, with_name(item, item.after));
      add(out, "Previous", with_name(item, item.before));
    }
  }
  add(out, "Hold-Reason", story.reason);
  add(out, "Source-Commit", story.source_commit);
  add(out, "Promotion-Id", story.id);
  add(out, "Render-Digest", story.render_digest);
  for (const std::string& verdict : story.verdicts) {
    add(out, "Verdicts", verdict);
  }
  for (const std::string& check : story.checks) {
    add(out, "Checks", check);
  }
  return out;
}

bool is_key(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

std::optional<Trailer> read_trailer(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos || !is_key(line.substr(0, colon))) {
    return std::nullopt;
  }
  return Trailer(line.substr(0, colon), text::trim(line.substr(colon + 2)));
}

}  // namespace

std::string short_version(const std::string& reference) {
  const auto parsed = image::parse(reference);
  if (!parsed || (parsed->tag.empty() && parsed->digest.empty())) {
    return reference;
  }
  return parsed->tag.empty() ? parsed->digest.substr(0, parsed->digest.find(':') + 13)
                             : parsed->tag;
}

Result<std::string> message(const Story& story, std::string_view subject, std::string_view body) {
  std::string head;
  SLUICE_TRY_ASSIGN(head, fill(subject.empty() ? "{verb}({to}): {what}" : subject, story));
  std::string middle;
  const bool list = body.empty() && story.items.size() > 1;
  SLUICE_TRY_ASSIGN(middle, fill(list ? "{items}" : body, story));
  std::string out = one_line(head) + "\n\n";
  if (!text::trim(middle).empty()) {
    for (const std::string_view line : text::split(text::trim(middle), '\n')) {
      out += text::printable(line, longest_value) + '\n';
    }
    out += '\n';
  }
  return out + trailer_lines(story);
}

std::vector<Trailer> trailers(std::string_view message) {
  const std::string_view whole = text::trim(message);
  const std::size_t gap = whole.rfind("\n\n");
  std::vector<Trailer> found;
  if (gap == std::string_view::npos) {
    return found;
  }
  for (const std::string_view line : text::split(whole.substr(gap + 2), '\n')) {
    auto trailer = read_trailer(line);
    if (!trailer) {
      return {};
    }
    found.push_back(std::move(*trailer));
  }
  return found;
}

std::vector<Item> items_of(std::string_view message) {
  std::vector<Item> items;
  const auto take_apart = [](Item& item, const std::string& value, std::string Item::*into) {
    const std::size_t blank = item.kind == ItemKind::image ? std::string::npos : value.find(' ');
    if (blank != std::string::npos) {
      item.name = value.substr(0, blank);
    }
    item.*into = blank == std::string::npos ? value : value.substr(blank + 1);
  };
  for (const auto& [key, value] : trailers(message)) {
    for (const auto& [kind, name] : item_trailers) {
      if (key == name) {
        Item item{.kind = kind, .name = {}, .before = {}, .after = {}};
        take_apart(item, value, &Item::after);
        if (const auto reference = image::parse(value); kind == ItemKind::image && reference) {
          item.name = reference->name();
        }
        items.push_back(std::move(item));
      }
    }
    if (key == "Previous" && !items.empty() && items.back().before.empty()) {
      take_apart(items.back(), value, &Item::before);
    }
  }
  return items;
}

std::string trailer(std::string_view message, std::string_view name) {
  for (auto& [key, value] : trailers(message)) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

std::string promotion_id(const Story& story) {
  Sha256 sum;
  const auto field = [&sum](std::string_view value) {
    sum.update(value);
    sum.update(std::string_view("\0", 1));
  };
  field(story.verb);
  field(story.to);
  for (const Item& item : story.items) {
    field(item.name);
    field(item.before);
    field(item.after);
  }
  return hex(sum.finish()).substr(0, 16);
}

}  // namespace sluice::promote
