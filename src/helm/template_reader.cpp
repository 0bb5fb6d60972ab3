// SPDX-License-Identifier: Apache-2.0
#include "helm/template_reader.hpp"

#include "gotemplate/parse.hpp"
#include "helm/template_functions.hpp"

#include <cctype>
#include <functional>
#include <set>

namespace sluice::helm {
namespace {

using gotemplate::Expression;
using gotemplate::Node;

constexpr int most_steps = 400'000;
constexpr int most_calls = 64;  ///< named templates within each other
constexpr int most_names = 64;  ///< bodies of one name

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

class Reader {
 public:
  explicit Reader(ValueReads& reads) : reads_(reads) {}

  /// False when the text is no template.
  bool load(const TemplateFile& file) {
    auto nodes = gotemplate::parse(file.text);
    if (!nodes) {
      return false;
    }
    bodies_.push_back({file.scope, std::move(*nodes)});
    return true;
  }

  /// False when it was more work than allowed.
  bool read() {
    for (const auto& body : bodies_) {
      define(body.nodes);
    }
    for (const auto& body : bodies_) {
      run(body.nodes, make_root(body.scope), 0);
    }
    if (calls_by_computed_name_) {  // any of them may have been meant
      for (const auto& body : bodies_) {
        for (const auto& [name, found] : names_) {
          if (!called_.contains(name)) {
            call(name, make_root(body.scope), 0);
          }
        }
      }
    }
    return steps_ < most_steps;
  }

 private:
  struct Body {
    ValuePath scope;
    std::vector<Node> nodes;
  };
  using Variables = std::map<std::string, TemplateValuePtr>;
  struct Frame {
    TemplateValuePtr dot;
    Variables variables;
    int calls = 0;
  };

  void define(const std::vector<Node>& nodes) {
    for (const auto& node : nodes) {
      if (node.kind == Node::Kind::define) {
        names_[node.name].push_back(&node.body);
      }
      define(node.body);
      define(node.otherwise);
    }
  }

  void run(const std::vector<Node>& nodes, const TemplateValuePtr& dot, int calls) {
    Frame frame{.dot = dot, .variables = {{"$", dot}}, .calls = calls};
    block(nodes, frame);
  }

  /// A named template with its context; each pair once.
  void call(const std::string& name, const TemplateValuePtr& context, int calls) {
    const auto found = names_.find(name);
    const std::string identity = context == nullptr ? "" : context->identity;
    called_.insert(name);
    if (found == names_.end() || calls >= most_calls ||
        !seen_.insert(std::hash<std::string>{}(name + '\n' + identity)).second) {
      return;
    }
    for (std::size_t i = 0; i < found->second.size() && i < most_names; ++i) {
      run(*found->second[i], context, calls + 1);
    }
  }

  void block(const std::vector<Node>& nodes, Frame& frame) {
    for (const auto& node : nodes) {
      if (++steps_ >= most_steps) {
        return;
      }
      action(node, frame);
    }
  }

  /// Variables that a block declares are its own; those that it assigns keep what they had, too.
  void inner(const std::vector<Node>& nodes, const Frame& inside, Frame& outside) {
    steps_ += static_cast<int>(inside.variables.size() / 8);  // they are copied
    Frame frame = inside;
    block(nodes, frame);
    for (auto& [name, value] : outside.variables) {
      const auto before = inside.variables.find(name);
      const auto after = frame.variables.find(name);
      if (name != "$" && after != frame.variables.end() && before != inside.variables.end() &&
          before->second == value && after->second != value) {
        value = joined(value, after->second);
      }
    }
  }

  void action(const Node& node, Frame& frame) {
    switch (node.kind) {
      case Node::Kind::define:
        return;
      case Node::Kind::include:
        return call(node.name, evaluate(node.pipeline, frame), frame.calls);
      case Node::Kind::output: {
        const auto value = evaluate(node.pipeline, frame);
        if (node.sets == Node::Sets::nothing) {
          consume(value, reads_);
        } else {
          set(node, value, frame);
        }
        return;
      }
      case Node::Kind::branch:
      case Node::Kind::with: {
        const auto value = evaluate(node.pipeline, frame);
        look_at(value, reads_);
        Frame inside = frame;
        if (node.kind == Node::Kind::with) {
          inside.dot = value;
        }
        set(node, value, inside);
        inner(node.body, inside, frame);
        inside = frame;
        set(node, value, inside);
        return inner(node.otherwise, inside, frame);
      }
      case Node::Kind::range:
        return range(node, frame);
    }
  }

  void range(const Node& node, Frame& frame) {
    const auto value = evaluate(node.pipeline, frame);
    look_at(value, reads_);
    const auto element = child(value, std::string(any_key));
    look_at(element, reads_);
    // What the body assigns is there in its next round.
    const auto before = frame.variables;
    for (int round = 0; round < 2; ++round) {
      Frame inside = frame;
      inside.dot = element;
      if (!node.variables.empty()) {
        inside.variables[node.variables.back()] = element;
      }
      if (node.variables.size() > 1) {
        inside.variables[node.variables.front()] = nullptr;
      }
      inner(node.body, inside, frame);
      if (frame.variables == before) {
        break;
      }
    }
    Frame inside = frame;
    inner(node.otherwise, inside, frame);
  }

  static void set(const Node& node, const TemplateValuePtr& value, Frame& frame) {
    for (const auto& name : node.variables) {
      auto& variable = frame.variables[name];
      // A declared one begins anew; an assigned one may have been assigned in one branch only.
      variable = node.sets == Node::Sets::assigns ? joined(variable, value) : value;
    }
  }

  TemplateValuePtr evaluate(const Expression& expression, Frame& frame) {
    if (++steps_ >= most_steps) {
      return nullptr;
    }
    switch (expression.kind) {
      case Expression::Kind::dot:
        return frame.dot;
      case Expression::Kind::variable: {
        const auto found = frame.variables.find(expression.name);
        return found == frame.variables.end() ? nullptr : found->second;
      }
      case Expression::Kind::text:
        return make_text(expression.name);
      case Expression::Kind::literal:
        return nullptr;
      case Expression::Kind::fields:
        return fields(expression, frame);
      case Expression::Kind::method:
        for (std::size_t i = 1; i < expression.arguments.size(); ++i) {
          consume(evaluate(expression.arguments[i], frame), reads_);
        }
        return evaluate(expression.arguments.front(), frame);
      case Expression::Kind::call:
        return function(expression, frame);
    }
    return nullptr;
  }

  TemplateValuePtr fields(const Expression& expression, Frame& frame) {
    auto value = evaluate(expression.arguments.front(), frame);
    for (std::size_t i = 0; i < expression.names.size() && value != nullptr; ++i) {
      const bool is_root = value->kind == TemplateValue::Kind::root;
      if (is_root && expression.names[i] == "Subcharts") {
        if (i + 1 == expression.names.size()) {
          return nullptr;
        }
        auto scope = value->path;
        scope.push_back(expression.names[++i]);
        value = make_root(std::move(scope));
      } else {
        value = child(value, expression.names[i]);
      }
    }
    return value;
  }

  TemplateValuePtr function(const Expression& expression, Frame& frame) {
    std::vector<TemplateValuePtr> arguments;
    arguments.reserve(expression.arguments.size());
    for (const auto& argument : expression.arguments) {
      arguments.push_back(evaluate(argument, frame));
    }
    if (expression.name == "include") {
      include(expression, arguments, frame);
      return nullptr;
    }
    if (expression.name == "set" && arguments.size() == 3 && arguments[1] != nullptr &&
        arguments[1]->kind == TemplateValue::Kind::text) {
      return set_member(expression.arguments.front(), arguments, frame);
    }
    return apply_function(expression.name, arguments, reads_);
  }

  void include(const Expression& expression,
               const std::vector<TemplateValuePtr>& arguments,
               Frame& frame) {
    if (arguments.empty()) {
      return;
    }
    const auto context = arguments.size() > 1 ? arguments[1] : nullptr;
    std::vector<TemplateValuePtr> names{arguments.front()};
    if (names.front() != nullptr && names.front()->kind == TemplateValue::Kind::one_of) {
      names = names.front()->items;
    }
    for (const auto& name : names) {
      if (name != nullptr && name->kind == TemplateValue::Kind::text) {
        call(name->text, context, frame.calls);
      } else if (!names_a_file(expression.arguments.front())) {
        calls_by_computed_name_ = true;
        consume(context, reads_);
      }
    }
  }

  /// `$.Template.BasePath "/x.yaml"`: that file is read anyway.
  static bool names_a_file(const Expression& expression) {
    for (const auto& name : expression.names) {
      if (name == "BasePath") {
        return true;
      }
    }
    for (const auto& argument : expression.arguments) {
      if (names_a_file(argument)) {
        return true;
      }
    }
    return false;
  }

  TemplateValuePtr set_member(const Expression& target,
                              const std::vector<TemplateValuePtr>& arguments,
                              Frame& frame) {
    const auto member = make_dict({{arguments[1]->text, arguments[2]}});
    const auto changed = joined(arguments[0], member);
    const auto variable = target.kind == Expression::Kind::variable && target.name != "$"
                              ? frame.variables.find(target.name)
                              : frame.variables.end();
    if (variable != frame.variables.end()) {
      variable->second = changed;
    } else if (target.kind != Expression::Kind::call) {
      consume(arguments[2], reads_);  // lost from sight
    }
    return changed;
  }

  ValueReads& reads_;
  std::vector<Body> bodies_;
  std::map<std::string, std::vector<const std::vector<Node>*>> names_;
  std::set<std::string> called_;
  std::set<std::size_t> seen_;  ///< hashes: an identity may be long, and calls many
  int steps_ = 0;
  bool calls_by_computed_name_ = false;
};

}  // namespace

void read_templates(const std::vector<TemplateFile>& files, ValueReads& reads) {
  Reader reader(reads);
  for (const auto& file : files) {
    if (!reader.load(file)) {
      scan_for_values(file.text, file.scope, reads);
    }
  }
  if (!reader.read()) {
    for (const auto& file : files) {
      scan_for_values(file.text, file.scope, reads);
    }
  }
}

void scan_for_values(std::string_view text, const ValuePath& scope, ValueReads& reads) {
  constexpr std::string_view word = ".Values";
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if (at > 0 && is_name(text[at - 1])) {
      continue;
    }
    ValuePath path = scope;
    auto end = at + word.size();
    while (end + 1 < text.size() && text[end] == '.' && is_name(text[end + 1])) {
      auto stop = end + 1;
      while (stop < text.size() && is_name(text[stop])) {
        ++stop;
      }
      path.emplace_back(text.substr(end + 1, stop - end - 1));
      end = stop;
    }
    if (path.size() > scope.size() && (end >= text.size() || !is_name(text[end]))) {
      record(path, scope.size(), Extent::whole, reads);
    }
  }
}

}  // namespace sluice::helm
