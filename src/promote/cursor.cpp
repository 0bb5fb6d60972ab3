// SPDX-License-Identifier: Apache-2.0
#include "promote/cursor.hpp"

#include <ranges>

namespace sluice::promote {

std::string_view Cursor::text() const {
  return is_scalar() ? edit::value_of(*node_) : std::string_view{};
}

Cursor Cursor::down(const yaml::Node& node, const yaml::Node* key, std::size_t index) const {
  Cursor below = *this;
  below.node_ = &node;
  below.crumb_ = &crumbs_->emplace_back(Crumb{crumb_, key, index});
  return below;
}

Cursor Cursor::at(std::string_view key) const {
  if (node_ == nullptr) {
    return {};
  }
  const auto* found = scene_->document->find_key(*node_, key);
  return found == nullptr ? Cursor{} : down(*(found + 1), found, 0);
}

Cursor Cursor::at(std::initializer_list<std::string_view> keys) const {
  Cursor cursor = *this;
  for (const auto key : keys) {
    cursor = cursor.at(key);
  }
  return cursor;
}

std::vector<Cursor> Cursor::children() const {
  std::vector<Cursor> cursors;
  if (node_ == nullptr || node_->is_scalar() || node_->by_alias) {
    return cursors;
  }
  const auto nodes = scene_->document->children(*node_);
  if (node_->kind == yaml::Kind::sequence) {
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      cursors.push_back(down(nodes[i], nullptr, i));
    }
  } else {
    for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) {
      cursors.push_back(down(nodes[i + 1], &nodes[i], 0));
    }
  }
  return cursors;
}

std::string_view Cursor::key() const {
  return crumb_ != nullptr && crumb_->key != nullptr ? crumb_->key->text : std::string_view{};
}

std::string_view Cursor::parent_key() const {
  const auto* parent = crumb_ != nullptr ? crumb_->parent : nullptr;
  return parent != nullptr && parent->key != nullptr ? parent->key->text : std::string_view{};
}

std::string Cursor::path() const {
  std::vector<const Crumb*> way;
  for (const auto* crumb = crumb_; crumb != nullptr; crumb = crumb->parent) {
    way.push_back(crumb);
  }
  std::string path;
  for (const auto* crumb : way | std::views::reverse) {
    path = crumb->key != nullptr ? edit::child(path, crumb->key->text)
                                 : edit::child(path, crumb->index);
  }
  return path;
}

edit::Place Cursor::place() const {
  if (scene_->outer == nullptr) {
    return edit::place_of(*scene_->document, scene_->index, *node_, path());
  }
  return edit::place_within(*scene_->outer, *scene_->outer_scalar, scene_->outer_place, *node_,
                            path());
}

}  // namespace sluice::promote
