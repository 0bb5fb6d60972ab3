// SPDX-License-Identifier: Apache-2.0
#include "policy/json_patch.hpp"

#include "base/text.hpp"
#include "policy/files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <vector>

namespace sluice::policy {

namespace {

using Kind = TreeNode::Kind;

constexpr std::size_t longest_path = 200;  ///< segments of a pointer
constexpr int most_padding = 10'000;       ///< nulls that a list is filled up with

Error no(std::string why) {
  return Error{Error::Kind::parse, std::move(why)};
}

std::string unescaped(std::string_view segment) {
  return text::replace_all(text::replace_all(std::string(segment), "~1", "/"), "~0", "~");
}

/// As Go's strconv.Atoi reads an index: a sign is allowed.
std::optional<int> index_of(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) {
      return std::nullopt;
    }
  }
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && !text.empty()
             ? std::optional(number)
             : std::nullopt;
}

struct Operation {
  std::string_view op, path, from;
  std::optional<Value> value;
};

Result<Operation> read_operation(const Value& source) {
  constexpr std::array<std::string_view, 6> known = {"add",  "remove", "replace",
                                                     "move", "copy",   "test"};
  Operation made{.op = source.text({"op"}),
                 .path = {},
                 .from = source.text({"from"}),
                 .value = source.find("value")};
  if (std::find(known.begin(), known.end(), made.op) == known.end()) {
    return no("\"" + text::printable(made.op) + "\" is no operation of a JSON patch");
  }
  const auto path = source.find("path");
  if (!path || !path->is(Type::string)) {
    return no("an operation of a JSON patch needs a path");
  }
  made.path = path->as_string();
  const bool moves = made.op == "move" || made.op == "copy";
  if (moves && !source.get({"from"}).is(Type::string)) {
    return no("the operation " + std::string(made.op) + " needs a from");
  }
  if (!made.value && (made.op == "add" || made.op == "replace")) {
    return no("the operation " + std::string(made.op) + " needs a value");
  }
  return made;
}

class Patcher {
 public:
  Patcher(Tree& tree, TreeNode* root) : tree_(tree), root_(root) {}

  Status apply(const Operation& operation) {
    if (text::split(operation.path, '/').size() > longest_path ||
        text::split(operation.from, '/').size() > longest_path || tree_.full()) {
      return no("the patch is too large");
    }
    if (operation.op == "add") {
      return add(operation);
    }
    if (operation.op == "remove") {
      const Place place = find(operation.path);
      return place.container == nullptr ? Status(ok) : remove(place);
    }
    if (operation.op == "replace") {
      return replace(operation);
    }
    return operation.op == "test" ? test(operation) : transfer(operation);
  }

  [[nodiscard]] TreeNode* root() const { return root_; }

 private:
  /// The container that a pointer ends in, and the last segment.
  struct Place {
    TreeNode* container = nullptr;
    std::string key;
  };

  static Error missing(const Operation& operation, std::string_view path) {
    return no("the operation " + std::string(operation.op) + " does not apply: the object has no " +
              text::printable(path));
  }

  /// The index, those from the end made positive; nothing when it is none or out of bounds.
  static std::optional<std::size_t> index_in(std::string_view key, std::size_t size) {
    const auto index = index_of(key);
    const int count = static_cast<int>(size);
    if (!index || *index >= count || *index < -count) {
      return std::nullopt;
    }
    return static_cast<std::size_t>(*index < 0 ? *index + count : *index);
  }

  static TreeNode* get(const TreeNode& container, const std::string& key) {
    if (container.kind == Kind::mapping) {
      return container.find(key);
    }
    const auto index = index_in(key, container.elements.size());
    return index && container.kind == Kind::list ? container.elements[*index] : nullptr;
  }

  static bool is_container(const TreeNode* node) { return node != nullptr && !node->is_scalar(); }

  Place find(std::string_view path) {
    const auto segments = text::split(path, '/');
    if (segments.size() < 2) {
      return {};
    }
    TreeNode* at = root_;
    for (std::size_t i = 1; i + 1 < segments.size(); ++i) {
      // An empty segment names the container itself.
      at = segments[i].empty() ? at : get(*at, unescaped(segments[i]));
      if (!is_container(at)) {
        return {};
      }
    }
    return {at, unescaped(segments.back())};
  }

  TreeNode* made(const std::optional<Value>& value) {
    return noted(value ? tree_.make(detached(tree_.arena(), *value)) : tree_.make(Kind::null));
  }

  /// A null that the patch wrote is a value that nothing can be put into; one that the object had
  /// counts as missing.
  TreeNode* noted(TreeNode* node) {
    if (node->kind == Kind::null) {
      written_nulls_.insert(node);
    }
    return node;
  }

  Status insert(const Place& place, TreeNode* value) {
    TreeNode& container = *place.container;
    if (container.kind == Kind::mapping) {
      container.set(tree_.arena().copy(place.key), value);
      return ok;
    }
    auto& elements = container.elements;
    if (place.key == "-") {
      elements.push_back(value);
      return ok;
    }
    const auto index = index_in(place.key, elements.size() + 1);
    if (!index) {
      return no("\"" + text::printable(place.key) + "\" is no index of the list");
    }
    elements.insert(elements.begin() + static_cast<std::ptrdiff_t>(*index), value);
    return ok;
  }

  static Status remove(const Place& place) {
    TreeNode& container = *place.container;
    if (container.kind == Kind::mapping) {
      container.erase(place.key);
      return ok;
    }
    if (!index_of(place.key)) {
      return no("\"" + text::printable(place.key) + "\" is no index of the list");
    }
    if (const auto index = index_in(place.key, container.elements.size())) {
      container.elements.erase(container.elements.begin() + static_cast<std::ptrdiff_t>(*index));
    }
    return ok;
  }

  /// Makes what is missing on the way to the last segment.
  Status make_way(std::string_view path) {
    const auto segments = text::split(path, '/');
    TreeNode* at = root_;
    for (std::size_t i = 1; i + 1 < segments.size(); ++i) {
      const std::string key = unescaped(segments[i]);
      TreeNode* next = key.empty() ? at : get(*at, key);
      if (next != nullptr && (next->kind != Kind::null || written_nulls_.contains(next))) {
        if (!is_container(next)) {
          return no("the value at " + text::printable(segments[i]) + " of " +
                    text::printable(path) + " is neither a mapping nor a list");
        }
        at = next;
        continue;
      }
      SLUICE_TRY(pad(*at, index_of(segments[i])));
      const auto index = index_of(segments[i + 1]);
      const bool list = index || segments[i + 1] == "-";
      if (index && *index < -1) {
        return no("no list is made for the index " + text::printable(segments[i + 1]));
      }
      TreeNode* fresh = tree_.make(list ? Kind::list : Kind::mapping);
      if (!insert({at, std::string(segments[i])}, fresh)) {
        return no("\"" + text::printable(key) + "\" is no index of the list");
      }
      at = fresh;
      SLUICE_TRY(pad(*at, index));
    }
    return ok;
  }

  Status pad(TreeNode& list, std::optional<int> up_to) {
    if (list.kind != Kind::list || !up_to) {
      return ok;
    }
    if (*up_to > most_padding) {
      return no("the index " + std::to_string(*up_to) + " is too large");
    }
    while (static_cast<int>(list.elements.size()) < *up_to) {
      list.elements.push_back(noted(tree_.make(Kind::null)));
    }
    return ok;
  }

  Status add(const Operation& operation) {
    if (operation.path.empty()) {
      root_ = made(operation.value);
      return is_container(root_) ? Status(ok) : no("the document would be no object");
    }
    SLUICE_TRY(make_way(operation.path));
    const Place place = find(operation.path);
    return place.container == nullptr ? missing(operation, operation.path)
                                      : insert(place, made(operation.value));
  }

  Status replace(const Operation& operation) {
    if (operation.path.empty()) {
      root_ = made(operation.value);
      return is_container(root_) ? Status(ok) : no("the document would be no object");
    }
    const Place place = find(operation.path);
    if (place.container == nullptr || (!place.key.empty() && !has(place))) {
      return missing(operation, operation.path);
    }
    if (place.container->kind == Kind::mapping) {
      place.container->set(tree_.arena().copy(place.key), made(operation.value));
    } else if (const auto index = index_in(place.key, place.container->elements.size())) {
      place.container->elements[*index] = made(operation.value);
    } else {
      return missing(operation, operation.path);
    }
    return ok;
  }

  static bool has(const Place& place) { return get(*place.container, place.key) != nullptr; }

  Status test(const Operation& operation) {
    const TreeNode* found = root_;
    if (!operation.path.empty()) {
      const Place place = find(operation.path);
      if (place.container == nullptr) {
        return missing(operation, operation.path);
      }
      found = place.key.empty() ? place.container : get(*place.container, place.key);
      if (found == nullptr && place.container->kind == Kind::list) {
        return missing(operation, operation.path);
      }
    }
    const Value wanted = operation.value.value_or(Value());
    const Value actual = found == nullptr ? Value() : tree_.value(*found);
    return equal(wanted, actual) ? Status(ok)
                                 : no("the test of " + text::printable(operation.path) +
                                      " failed: the value is another");
  }

  /// move and copy.
  Status transfer(const Operation& operation) {
    const Place from = find(operation.from);
    TreeNode* value = from.container == nullptr ? nullptr
                      : from.key.empty()        ? from.container
                                                : get(*from.container, from.key);
    if (value == nullptr) {
      return missing(operation, operation.from);
    }
    if (operation.op == "move") {
      SLUICE_TRY(remove(from));
    } else {
      value = noted(tree_.copy(*value));
    }
    const Place to = find(operation.path);
    return to.container == nullptr ? missing(operation, operation.path) : insert(to, value);
  }

  Tree& tree_;
  TreeNode* root_;
  std::set<const TreeNode*> written_nulls_;
};

Result<std::vector<Operation>> read_operations(const yaml::Stream& stream) {
  std::vector<Operation> operations;
  if (stream.documents.empty()) {
    return operations;
  }
  const Value list = Value::of(stream.documents[0], stream.documents[0].root());
  if (!list.is(Type::array) && !list.is_null()) {
    return no("a JSON patch is a list of operations");
  }
  for (std::size_t i = 0; i < list.size(); ++i) {
    Operation operation;
    SLUICE_TRY_ASSIGN(operation, read_operation(list.at(i)));
    operations.push_back(operation);
  }
  return operations;
}

}  // namespace

Result<TreeNode*> json_patch(Tree& tree, TreeNode* document, std::string_view patch) {
  Manifests stream;
  SLUICE_TRY_ASSIGN(stream, parse_manifests(std::string(patch), "patchesJson6902"));
  std::vector<Operation> operations;
  SLUICE_TRY_ASSIGN(operations, read_operations(*stream));
  Patcher patcher(tree, document);
  for (const auto& operation : operations) {
    SLUICE_TRY(patcher.apply(operation));
  }
  if (tree.full()) {
    return no("the result grows too large");
  }
  return patcher.root();
}

Status check_patch(std::string_view patch) {
  Manifests stream;
  SLUICE_TRY_ASSIGN(stream, parse_manifests(std::string(patch), "patchesJson6902"));
  std::vector<Operation> operations;
  SLUICE_TRY_ASSIGN(operations, read_operations(*stream));
  for (const auto& operation : operations) {
    if (!operation.path.starts_with('/')) {
      return no("the path " + text::printable(operation.path) +
                " of a JSON patch begins with \"/\"");
    }
    if (operation.op == "test" && !operation.value) {
      return no("the operation test needs a value");
    }
  }
  return ok;
}

}  // namespace sluice::policy
