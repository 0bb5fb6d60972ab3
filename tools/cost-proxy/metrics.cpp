// SPDX-License-Identifier: Apache-2.0
#include "cost-proxy/metrics.hpp"

#include "cost-proxy/tables.hpp"

namespace sluice::cost_proxy {
namespace {

std::string label(std::string_view untrusted) {
  constexpr std::size_t longest = 80;
  std::string out;
  for (const char c : untrusted.substr(0, longest)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '/' || c == '-';
    out += plain ? c : '_';
  }
  return out.empty() ? "none" : out;
}

/// Billionths as a decimal number without an exponent: 1500000000 is "1.5".
std::string decimal(k8s::Int128 nano) {
  std::string digits;
  for (k8s::Int128 rest = nano < 0 ? -nano : nano; rest != 0 || digits.size() < 10; rest /= 10) {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
  }
  digits.insert(digits.size() - 9, ".");
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.ends_with('.')) {
    digits.pop_back();
  }
  return (nano < 0 ? "-" : "") + digits;
}

}  // namespace

std::string metrics(const cost::Report& report) {
  std::string out;
  const auto slices = cost::slices(report.groups, {cost::Dimension::env, cost::Dimension::team});
  for (const Moment& moment : moments()) {
    const std::string name = "sluice_cost_" + std::string(moment.id);
    std::string lines;
    for (const auto& slice : slices) {
      const std::string who = "{env=\"" + label(slice.values[0]) + "\",team=\"" +
                              label(slice.values[1]) + "\",resource=\"";
      for (const auto& [resource, quantity] : slice.head.*moment.amounts) {
        lines += name + who + label(resource) + "\"} " + decimal(quantity.nano()) + "\n";
      }
      const auto money = slice.head.costs.*moment.money;
      if (report.prices && money != cost::Money()) {
        lines += name + who + label(report.prices->currency) + "_per_hour\"} " +
                 cost::exact_text(money) + "\n";
      }
    }
    out += lines.empty() ? "" : "# TYPE " + name + " gauge\n" + lines;
  }
  return out + "# EOF\n";
}

}  // namespace sluice::cost_proxy
