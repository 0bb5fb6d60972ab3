// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "cost/currencies.hpp"
#include "cost/prices.hpp"
#include "cost/prices_csv.hpp"
#include "yaml/parse.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace sluice::cost {
namespace {

using yaml::Document;
using yaml::Kind;
using yaml::Node;

constexpr std::string_view extension = "x-cost-proxy";

/// OpenCost's keys, and what they price.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> usual_keys{
    {{"CPU", "cpu"},
     {"RAM", "memory"},
     {"GPU", "gpu"},
     {"storage", "storage"},
     {"defaultLBPrice", "services.loadbalancers"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> spot_keys{
    {{"spotCPU", "cpu"}, {"spotRAM", "memory"}, {"spotGPU", "gpu"}}};
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> node_keys{
    {{"CPU", "cpu"}, {"RAM", "memory"}, {"GPU", "gpu"}}};

/// Reads one JSON document; every problem is a finding at its own line.
class JsonPrices {
 public:
  JsonPrices(const Document& document, PriceUnit unit, PricesRead& out)
      : document_(document), unit_(unit), out_(out) {}

  Prices read(std::string file) {
    const auto& root = document_.root();
    prices_.file = std::move(file);
    read_currency(root);
    const auto* more = document_.find(root, extension);
    read_hours(more);  // before any price: monthly ones are divided by it
    read_rates(root, usual_keys, prices_.rates);
    read_rates(root, spot_keys, prices_.spot_rates);
    prices_.spot_label = document_.text(root, {"spotLabel"});
    prices_.spot_value = document_.text(root, {"spotLabelValue"});
    if (more != nullptr) {
      read_extension(*more);
    }
    apply_discounts(root);
    return std::move(prices_);
  }

 private:
  void problem(const Node& node, std::string message, std::string hint = "") {
    out_.findings.push_back({.location = document_.where(node),
                             .code = "cost/bad-prices",
                             .message = std::move(message),
                             .hint = std::move(hint)});
  }

  void read_currency(const Node& root) {
    const auto* node = document_.find(root, "currencyCode");
    prices_.currency = node == nullptr || node->text.empty() ? "USD" : std::string(node->text);
    if (!is_currency(prices_.currency)) {
      problem(*node, text::quoted(prices_.currency, 40) + " is no currency",
              "write the three letters of ISO 4217, such as EUR");
    }
  }

  void read_hours(const Node* more) {
    const auto* node = more == nullptr ? nullptr : document_.find(*more, "hoursPerMonth");
    if (node == nullptr) {
      return;
    }
    std::int64_t hours = 0;
    const auto text = node->text;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), hours);
    constexpr std::int64_t longest_month = 31 * 24;
    if (error != std::errc{} || end != text.data() + text.size() || hours < 1 ||
        hours > longest_month) {
      problem(*node, text::quoted(text, 40) + " is no number of hours in a month",
              "write a whole number from 1 to 744; OpenCost counts 730");
      return;
    }
    prices_.hours_per_month = hours;
  }

  /// A price for an hour; nothing after a problem, and when there is none.
  std::optional<Money> price(const Node* node, std::string_view key) {
    if (node == nullptr || node->kind == Kind::null || (node->is_scalar() && node->text.empty())) {
      return std::nullopt;
    }
    const auto shown = text::printable(key, 80);
    const auto money = node->is_scalar() ? parse_money(node->text) : std::nullopt;
    if (!money) {
      problem(*node,
              "the price of " + shown + ", " + text::quoted(node->text, 40) +
                  ", is no number with at most 12 digits behind the point",
              "write a number such as \"0.0218\"");
      return std::nullopt;
    }
    if (*money < Money()) {
      problem(*node, "the price of " + shown + " is negative: " + exact_text(*money),
              "write what an hour costs");
      return std::nullopt;
    }
    if (unit_ == PriceUnit::hourly) {
      return money;
    }
    const auto hours = prices_.hours_per_month;
    return Money((money->pico() + hours / 2) / hours);
  }

  void read_rates(const Node& holder,
                  std::span<const std::pair<std::string_view, std::string_view>> keys,
                  Rates& rates) {
    for (const auto& [key, resource] : keys) {
      if (const auto money = price(document_.find(holder, key), key)) {
        rates.set(resource, *money);
      }
    }
  }

  void read_named(const Node* node, std::string_view what, Rates& rates) {
    if (node == nullptr) {
      return;
    }
    if (node->kind != Kind::mapping) {
      return problem(*node, std::string(what) + " is no mapping of names to prices");
    }
    const auto children = document_.children(*node);
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      if (!is_resource_name(children[i].text)) {
        problem(children[i], text::quoted(children[i].text, 80) + " in " + std::string(what) +
                                 " is no name of a resource or class");
      } else if (const auto money = price(&children[i + 1], children[i].text)) {
        rates.set(children[i].text, *money);
      }
    }
  }

  void read_extension(const Node& more) {
    if (more.kind != Kind::mapping) {
      return problem(more, std::string(extension) + " is no mapping");
    }
    constexpr std::array<std::string_view, 4> keys{"hoursPerMonth", "resources", "select",
                                                   "storageClass"};
    const auto children = document_.children(more);
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      if (std::ranges::find(keys, children[i].text) == keys.end()) {
        const auto near = text::nearest(children[i].text, keys);
        problem(
            children[i],
            "unknown key " + text::quoted(children[i].text, 80) + " in " + std::string(extension),
            near ? "did you mean \"" + std::string(*near) + "\"?" : "");
      }
    }
    read_named(document_.find(more, "resources"), "resources", prices_.rates);
    read_named(document_.find(more, "storageClass"), "storageClass", prices_.storage_classes);
    const auto* select = document_.find(more, "select");
    if (select == nullptr) {
      return;
    }
    if (select->kind != Kind::sequence) {
      return problem(*select, "select is no list");
    }
    for (const auto& item : document_.children(*select)) {
      read_selection(item);
    }
  }

  void read_selection(const Node& item) {
    Selection selection{.label = std::string(document_.text(item, {"label"})),
                        .value = std::string(document_.text(item, {"value"})),
                        .rates = {}};
    if (selection.label.empty() || selection.value.empty()) {
      return problem(
          item, "an entry of select needs a label and a value",
          R"(for instance {"label": "nvidia.com/gpu.product", "value": "A100", "GPU": "3.67"})");
    }
    read_rates(item, node_keys, selection.rates);
    read_named(document_.find(item, "resources"), "resources", selection.rates);
    prices_.selections.push_back(std::move(selection));
  }

  /// What is left of a price after both discounts, of cpu and memory alone: so does OpenCost.
  void apply_discounts(const Node& root) {
    for (const std::string_view key : {"discount", "negotiatedDiscount"}) {
      const auto* node = document_.find(root, key);
      if (node == nullptr || node->text.empty()) {
        continue;
      }
      constexpr Money all(k8s::Int128{100} * 1'000'000'000'000);
      const auto percent = node->text;
      const auto money =
          parse_money(percent.substr(0, percent.size() - (percent.ends_with('%') ? 1 : 0)));
      if (!money || *money < Money() || *money > all) {
        problem(*node, text::quoted(percent, 40) + " is no discount from 0% to 100%");
        continue;
      }
      for (auto* rates : {&prices_.rates, &prices_.spot_rates}) {
        discount(*rates, all - *money);
      }
      for (auto& selection : prices_.selections) {
        discount(selection.rates, all - *money);
      }
    }
  }

  static void discount(Rates& rates, Money left) {
    // Hundredths of a percent, so that the product stays small; finer discounts are cut.
    constexpr k8s::Int128 hundredth = 10'000'000'000;
    constexpr k8s::Int128 whole = 10'000;
    for (const std::string_view name : {"cpu", "memory"}) {
      if (const auto* rate = rates.find(name)) {
        const auto share = left.pico() / hundredth;
        rates.set(name, Money((rate->pico() / whole) * share +
                              (rate->pico() % whole * share + whole / 2) / whole));
      }
    }
  }

  const Document& document_;
  PriceUnit unit_;
  PricesRead& out_;
  Prices prices_;
};

}  // namespace

PricesRead read_prices(std::string bytes, const std::string& file, PriceUnit unit) {
  if (file.ends_with(".csv")) {
    return read_csv_prices(bytes, file, unit);
  }
  PricesRead out;
  const auto parsed = yaml::parse(std::move(bytes), file);
  const auto refuse = [&](std::string message) {
    out.findings.push_back({.location = {.file = file},
                            .code = "cost/bad-prices",
                            .message = std::move(message),
                            .hint = "write OpenCost's custom pricing: {\"CPU\": \"0.0218\", ...}"});
  };
  if (!parsed) {
    refuse(parsed.error().message);
    return out;
  }
  for (auto finding : parsed->findings) {
    finding.code = "cost/bad-prices";
    finding.severity = diag::Severity::error;
    out.findings.push_back(std::move(finding));
  }
  if (parsed->documents.size() != 1 || parsed->documents[0].root().kind != Kind::mapping) {
    if (out.findings.empty()) {
      refuse("a price list is one JSON object");
    }
    return out;
  }
  auto prices = JsonPrices(parsed->documents[0], unit, out).read(file);
  if (out.findings.empty()) {
    out.prices = std::move(prices);
  }
  return out;
}

void merge(Prices& into, Prices more) {
  into.rates.fill_from(more.rates);
  into.spot_rates.fill_from(more.spot_rates);
  into.storage_classes.fill_from(more.storage_classes);
  std::ranges::move(more.selections, std::back_inserter(into.selections));
}

}  // namespace sluice::cost
