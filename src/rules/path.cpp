// SPDX-License-Identifier: Apache-2.0
#include "rules/path.hpp"

#include "base/text.hpp"

namespace sluice::rules {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

constexpr std::size_t visit_limit = 4'000'000;

class Search {
 public:
  Search(const Document& document, const Node& target) : document_(document), target_(target) {}

  bool below(const Node& node, std::vector<Path::Step>& steps) {
    if (&node == &target_) {
      return true;
    }
    if (node.is_scalar() || visits_ > visit_limit) {
      return false;
    }
    const auto children = document_.children(node);
    visits_ += children.size();
    const std::size_t stride = node.kind == Kind::mapping ? 2 : 1;
    for (std::size_t i = 0; i + stride <= children.size(); i += stride) {
      const Node& child = children[i + stride - 1];
      if (stride == 2 && &children[i] == &target_) {
        steps.push_back({&children[i], 0});  // a key stands for its value
        return true;
      }
      steps.push_back(stride == 2 ? Path::Step{&children[i], 0}
                                  : Path::Step{nullptr, static_cast<std::uint32_t>(i)});
      if (below(child, steps)) {
        return true;
      }
      steps.pop_back();
    }
    return false;
  }

 private:
  const Document& document_;
  const Node& target_;
  std::size_t visits_ = 0;
};

std::string escaped(std::string_view key) {
  return text::replace_all(text::replace_all(std::string(key), "~", "~0"), "/", "~1");
}

/// "containers[0]", or "metadata": the value that the first `count` steps lead to.
std::string name_of(const std::vector<Path::Step>& steps, std::size_t count) {
  std::string items;
  while (count != 0 && steps[count - 1].key == nullptr) {
    items.insert(0, "[" + std::to_string(steps[count - 1].index) + "]");
    --count;
  }
  return (count == 0 ? std::string{} : text::printable(steps[count - 1].key->text, 80)) + items;
}

}  // namespace

std::string Path::pointer(std::string_view last) const {
  std::string out;
  for (const Step& step : steps) {
    out += '/';
    out += step.key != nullptr ? escaped(step.key->text) : std::to_string(step.index);
  }
  if (!last.empty()) {
    out += '/' + escaped(last);
  }
  return out;
}

std::string Path::subject(std::string_view last) const {
  if (!last.empty()) {
    const std::string owner = name_of(steps, steps.size());
    return "field \"" + std::string(last) + '"' + (owner.empty() ? "" : " of " + owner);
  }
  if (steps.empty()) {
    return "the object";
  }
  const std::string name = name_of(steps, steps.size());
  if (steps.back().key == nullptr) {
    return name;
  }
  const std::string owner = name_of(steps, steps.size() - 1);
  return "field \"" + name + '"' + (owner.empty() ? "" : " of " + owner);
}

Path find_path(const Document& document, const Node& root, const Node& target) {
  Path path;
  Search(document, target).below(root, path.steps);
  return path;
}

}  // namespace sluice::rules
