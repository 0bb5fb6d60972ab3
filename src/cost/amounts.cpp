// SPDX-License-Identifier: Apache-2.0
#include "cost/amounts.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::cost {
namespace {

using k8s::Int128;
using k8s::Quantity;

constexpr Int128 largest = ~(Int128{1} << 127);
constexpr Int128 nano_per_unit = 1'000'000'000;
constexpr std::string_view class_suffix = ".storageclass.storage.k8s.io/requests.storage";

/// Counted in devices. Fractions of a device that are counted in other units
/// (gpu.intel.com/millicores, gpu.intel.com/memory.max) are extended resources like any other.
constexpr std::array<std::string_view, 10> accelerator_names{
    "amd.com/gpu",        "aws.amazon.com/neuron", "aws.amazon.com/neuroncore", "google.com/tpu",
    "gpu.intel.com/i915", "gpu.intel.com/xe",      "habana.ai/gaudi",           "intel.com/gpu",
    "nvidia.com/gpu",     "nvidia.com/gpu.shared"};

Int128 saturated(bool overflow, Int128 value, bool negative) {
  return !overflow ? value : negative ? -largest : largest;
}

Quantity::Format format_of(Quantity a, Quantity b) {
  return a.nano() == 0 ? b.format() : a.format();
}

/// Whole and fraction without exponent or suffix: "1.5".
std::string plain_decimal(Quantity quantity) {
  const bool negative = quantity.nano() < 0;
  const Int128 nano = negative ? -quantity.nano() : quantity.nano();
  std::string whole;
  Int128 rest = nano / nano_per_unit;
  do {
    whole.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (negative) {
    whole.push_back('-');
  }
  std::reverse(whole.begin(), whole.end());
  std::string fraction = std::to_string(static_cast<std::int64_t>(nano % nano_per_unit));
  fraction.insert(0, 9 - fraction.size(), '0');
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return fraction.empty() ? whole : whole + "." + fraction;
}

}  // namespace

Quantity plus(Quantity a, Quantity b) {
  Int128 sum = 0;
  const bool overflow = __builtin_add_overflow(a.nano(), b.nano(), &sum);
  return Quantity(saturated(overflow, sum, a.nano() < 0), format_of(a, b));
}

Quantity minus(Quantity a, Quantity b) {
  Int128 difference = 0;
  const bool overflow = __builtin_sub_overflow(a.nano(), b.nano(), &difference);
  return Quantity(saturated(overflow, difference, a.nano() < 0), format_of(a, b));
}

Quantity times(Quantity amount, std::int64_t count) {
  Int128 product = 0;
  const bool overflow = __builtin_mul_overflow(amount.nano(), Int128{count}, &product);
  return Quantity(saturated(overflow, product, (amount.nano() < 0) != (count < 0)),
                  amount.format());
}

void add(Amounts& to, const Amounts& more) {
  for (const auto& [name, quantity] : more) {
    auto& sum = to[name];
    sum = plus(sum, quantity);
  }
}

void add(Amounts& to, const Amounts& amounts, std::int64_t count) {
  for (const auto& [name, quantity] : amounts) {
    if (count != 0 && quantity.nano() != 0) {
      auto& sum = to[name];
      sum = plus(sum, times(quantity, count));
    }
  }
}

Amounts times(const Amounts& amounts, std::int64_t count) {
  Amounts product;
  add(product, amounts, count);
  return product;
}

Amounts difference(const Amounts& base, const Amounts& head) {
  Amounts out = head;
  for (const auto& [name, quantity] : base) {
    auto& entry = out[name];
    entry = minus(entry, quantity);
  }
  out.erase_if([](const auto& entry) { return entry.second.nano() == 0; });
  return out;
}

Quantity get(const Amounts& amounts, std::string_view resource) {
  const auto* found = amounts.find(resource);
  return found == nullptr ? Quantity() : *found;
}

bool is_accelerator(std::string_view resource) {
  return std::find(accelerator_names.begin(), accelerator_names.end(), resource) !=
             accelerator_names.end() ||
         resource.starts_with("nvidia.com/mig-");
}

Quantity accelerators(const Amounts& amounts) {
  Quantity sum;
  for (const auto& [name, quantity] : amounts) {
    sum = is_accelerator(name) ? plus(sum, quantity) : sum;
  }
  return sum;
}

bool is_storage(std::string_view resource) {
  return resource == "storage" || resource.ends_with(class_suffix);
}

Quantity storage(const Amounts& amounts) {
  Quantity sum;
  for (const auto& [name, quantity] : amounts) {
    sum = is_storage(name) ? plus(sum, quantity) : sum;
  }
  return sum;
}

bool is_resource_name(std::string_view name) {
  constexpr std::size_t longest = 253 + 1 + 63;  // a DNS name, a slash and a label
  return !name.empty() && name.size() <= longest && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == '/';
  });
}

std::string storage_name(std::string_view storage_class) {
  return !is_resource_name(storage_class) ? "storage"
                                          : std::string(storage_class).append(class_suffix);
}

std::string_view storage_class_of(std::string_view resource) {
  return resource.ends_with(class_suffix)
             ? resource.substr(0, resource.size() - class_suffix.size())
             : std::string_view{};
}

bool is_bytes(std::string_view resource) {
  for (const std::string_view prefix : {"requests.", "limits."}) {
    resource.remove_prefix(resource.starts_with(prefix) ? prefix.size() : 0);
  }
  return resource == "memory" || resource == "ephemeral-storage" || is_storage(resource) ||
         resource.starts_with("hugepages-");
}

std::string people_text(std::string_view resource, Quantity quantity) {
  if (!is_bytes(resource)) {
    return plain_decimal(quantity);
  }
  constexpr std::array<std::pair<int, std::string_view>, 3> units{
      {{40, "Ti"}, {30, "Gi"}, {20, "Mi"}}};
  const Int128 size = quantity.nano() < 0 ? -quantity.nano() : quantity.nano();
  for (const auto& [power, suffix] : units) {
    const Int128 unit = (Int128{1} << power) * nano_per_unit;
    // 67.25Gi reads better than 68864Mi; never rounded.
    if (size >= unit && size < largest / 1000 && size * 1000 % unit == 0) {
      const Int128 milli = quantity.nano() * 1000 / unit;
      return plain_decimal(Quantity(milli * 1'000'000)) + std::string(suffix);
    }
  }
  return Quantity(quantity.nano(), Quantity::Format::binary_si).text();
}

std::string signed_text(std::string_view resource, Quantity quantity) {
  return (quantity.nano() > 0 ? "+" : "") + people_text(resource, quantity);
}

std::string people_name(std::string_view resource) {
  const auto storage_class = storage_class_of(resource);
  return storage_class.empty() ? std::string(resource) : "storage " + std::string(storage_class);
}

}  // namespace sluice::cost
