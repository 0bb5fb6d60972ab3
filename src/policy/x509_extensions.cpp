// SPDX-License-Identifier: Apache-2.0
#include "policy/x509_extensions.hpp"

#include "base/base64.hpp"
#include "policy/der.hpp"

#include <algorithm>
#include <array>

namespace sluice::policy {

void DerFields::bytes(std::string_view name, std::string_view bytes) {
  text(name, base64_encode(bytes));
}

Value DerFields::list_value(const std::vector<Value>& elements) {
  return elements.empty() ? Value() : make_array(arena_, elements);
}

Value DerFields::oid_value(std::string_view content) {
  std::vector<Value> arcs;
  for (const auto arc : oid_arcs(content)) {
    arcs.push_back(Value::number(arc));
  }
  return make_array(arena_, arcs);
}

namespace {

using std::string_view;

Error malformed() {
  return Error{Error::Kind::parse, "an extension is malformed"};
}

Error not_taken_apart(string_view what) {
  return Error{Error::Kind::unsupported, std::string(what) + " are not supported"};
}

struct Extension {
  std::string oid;
  string_view raw_oid;
  bool critical = false;
  string_view value;
};

/// A sequence of extensions.
std::optional<std::vector<Extension>> read_extensions(string_view bytes) {
  std::vector<Extension> all;
  DerReader outer(bytes);
  const auto sequence = outer.next(der_sequence);
  if (!sequence) {
    return std::nullopt;
  }
  DerReader list(sequence->content);
  while (!list.done()) {
    const auto entry = list.next(der_sequence);
    DerReader parts(entry ? entry->content : string_view());
    const auto type = parts.next(der_oid);
    const auto critical = parts.next(der_boolean);
    const auto value = parts.next(der_octets);
    if (!type || !value) {
      return std::nullopt;
    }
    all.push_back({oid_text(type->content), type->content,
                   critical && !critical->content.empty() && critical->content[0] != 0,
                   value->content});
  }
  return all;
}

struct Names {
  std::vector<Value> dns, emails, ips, uris;
};

Status add_names(DerFields& out, string_view value, Names& names) {
  DerReader outer(value);
  const auto sequence = outer.next(der_sequence);
  if (!sequence) {
    return malformed();
  }
  DerReader list(sequence->content);
  while (!list.done()) {
    const auto name = list.next();
    if (!name) {
      return malformed();
    }
    const auto text = [&] { return make_string(out.arena(), name->content); };
    switch (name->tag) {
      case 0x81:
        names.emails.push_back(text());
        break;
      case 0x82:
        names.dns.push_back(text());
        break;
      case 0x86: {
        const auto url = url_value(out.arena(), name->content);
        if (!url) {
          return not_taken_apart("URIs other than plain ones");
        }
        names.uris.push_back(*url);
        break;
      }
      case 0x87:
        if (name->content.size() != 4 && name->content.size() != 16) {
          return malformed();
        }
        names.ips.push_back(make_string(out.arena(), ip_text(name->content)));
        break;
      default:
        break;  // other forms of names have no field
    }
  }
  return ok;
}

void set_names(DerFields& out, const Names& names) {
  out.list("DNSNames", names.dns);
  out.list("EmailAddresses", names.emails);
  out.list("IPAddresses", names.ips);
  out.list("URIs", names.uris);
}

Value extension_value(DerFields& out, const Extension& extension) {
  const std::array<Member, 3> members = {
      {{"Critical", Value::boolean(extension.critical)},
       {"Id", out.oid_value(extension.raw_oid)},
       {"Value", make_string(out.arena(), base64_encode(extension.value))}}};
  return make_object(out.arena(), members);
}

/// Bit 0 of the text is the highest of the first byte.
int key_usage(string_view value) {
  DerReader reader(value);
  const auto bits = reader.next(der_bits);
  int usage = 0;
  for (std::size_t i = 0; bits && i < 9; ++i) {
    const std::size_t byte = 1 + i / 8;
    if (byte < bits->content.size() &&
        (static_cast<unsigned char>(bits->content[byte]) >> (7 - i % 8) & 1U) != 0) {
      usage |= 1 << i;
    }
  }
  return usage;
}

/// The fields of a certificate that extensions fill, collected first.
struct Collected {
  Names names;
  std::vector<Value> extended, extended_unknown, critical, ocsp, issuing, crl, policies,
      policy_oids;
  int usage = 0;
  bool constraints = false, authority = false;
  int path_length = 0;
  std::string subject_key, authority_key;
};

Status extended_usage(DerFields& out, string_view value, Collected& into) {
  constexpr std::array<string_view, 14> known = {"2.5.29.37.0",
                                                 "1.3.6.1.5.5.7.3.1",
                                                 "1.3.6.1.5.5.7.3.2",
                                                 "1.3.6.1.5.5.7.3.3",
                                                 "1.3.6.1.5.5.7.3.4",
                                                 "1.3.6.1.5.5.7.3.5",
                                                 "1.3.6.1.5.5.7.3.6",
                                                 "1.3.6.1.5.5.7.3.7",
                                                 "1.3.6.1.5.5.7.3.8",
                                                 "1.3.6.1.5.5.7.3.9",
                                                 "1.3.6.1.4.1.311.10.3.3",
                                                 "2.16.840.1.113730.4.1",
                                                 "1.3.6.1.4.1.311.2.1.22",
                                                 "1.3.6.1.4.1.311.61.1.1"};
  DerReader outer(value);
  const auto sequence = outer.next(der_sequence);
  DerReader list(sequence ? sequence->content : string_view());
  while (!list.done()) {
    const auto usage = list.next(der_oid);
    if (!usage) {
      return malformed();
    }
    const auto found = std::find(known.begin(), known.end(), oid_text(usage->content));
    if (found == known.end()) {
      into.extended_unknown.push_back(out.oid_value(usage->content));
    } else {
      into.extended.push_back(Value::number(static_cast<double>(found - known.begin())));
    }
  }
  return ok;
}

Status basic_constraints(string_view value, Collected& into) {
  DerReader outer(value);
  const auto sequence = outer.next(der_sequence);
  if (!sequence) {
    return malformed();
  }
  DerReader parts(sequence->content);
  const auto authority = parts.next(der_boolean);
  const auto length = parts.next(der_integer);
  into.constraints = true;
  into.authority = authority && !authority->content.empty() && authority->content[0] != 0;
  into.path_length = length && length->content.size() == 1 ? length->content[0] : -1;
  return ok;
}

/// URIs at any depth that general names of a distribution point or an access method have.
void uris_below(DerFields& out, string_view bytes, std::vector<Value>& into, int depth) {
  constexpr int deepest = 5;
  DerReader list(bytes);
  while (!list.done() && depth < deepest) {
    const auto element = list.next();
    if (!element) {
      return;
    }
    if (element->tag == 0x86) {
      into.push_back(make_string(out.arena(), element->content));
    } else if ((element->tag & 0x20U) != 0) {
      uris_below(out, element->content, into, depth + 1);
    }
  }
}

Status access(DerFields& out, string_view value, Collected& into) {
  DerReader outer(value);
  const auto sequence = outer.next(der_sequence);
  DerReader list(sequence ? sequence->content : string_view());
  while (!list.done()) {
    const auto entry = list.next(der_sequence);
    DerReader parts(entry ? entry->content : string_view());
    const auto method = parts.next(der_oid);
    const auto place = parts.next();
    if (!method || !place) {
      return malformed();
    }
    if (place->tag == 0x86) {
      const std::string oid = oid_text(method->content);
      auto* list_of = oid == "1.3.6.1.5.5.7.48.1"   ? &into.ocsp
                      : oid == "1.3.6.1.5.5.7.48.2" ? &into.issuing
                                                    : nullptr;
      if (list_of != nullptr) {
        list_of->push_back(make_string(out.arena(), place->content));
      }
    }
  }
  return ok;
}

Status certificate_policies(DerFields& out, string_view value, Collected& into) {
  DerReader outer(value);
  const auto sequence = outer.next(der_sequence);
  DerReader list(sequence ? sequence->content : string_view());
  while (!list.done()) {
    const auto entry = list.next(der_sequence);
    DerReader parts(entry ? entry->content : string_view());
    const auto policy = parts.next(der_oid);
    if (!policy) {
      return malformed();
    }
    into.policy_oids.push_back(out.oid_value(policy->content));
    into.policies.push_back(make_string(out.arena(), oid_text(policy->content)));
  }
  return ok;
}

Status collect(DerFields& out, const Extension& extension, Collected& into) {
  const string_view oid = extension.oid;
  if (oid == "2.5.29.15") {
    into.usage = key_usage(extension.value);
  } else if (oid == "2.5.29.17") {
    return add_names(out, extension.value, into.names);
  } else if (oid == "2.5.29.19") {
    return basic_constraints(extension.value, into);
  } else if (oid == "2.5.29.37") {
    return extended_usage(out, extension.value, into);
  } else if (oid == "2.5.29.14") {
    DerReader reader(extension.value);
    const auto key = reader.next(der_octets);
    into.subject_key = key ? std::string(key->content) : "";
  } else if (oid == "2.5.29.35") {
    DerReader outer(extension.value);
    const auto sequence = outer.next(der_sequence);
    DerReader parts(sequence ? sequence->content : string_view());
    const auto key = parts.next(0x80);
    into.authority_key = key ? std::string(key->content) : "";
  } else if (oid == "2.5.29.31") {
    uris_below(out, extension.value, into.crl, 0);
  } else if (oid == "2.5.29.32") {
    return certificate_policies(out, extension.value, into);
  } else if (oid == "1.3.6.1.5.5.7.1.1") {
    return access(out, extension.value, into);
  } else if (oid == "2.5.29.30" || oid == "2.5.29.33" || oid == "2.5.29.36" || oid == "2.5.29.54") {
    return not_taken_apart("constraints of names and policies");
  } else if (extension.critical) {
    into.critical.push_back(out.oid_value(extension.raw_oid));
  }
  return ok;
}

Value key_value(DerFields& out, const std::string& bytes) {
  return bytes.empty() ? Value() : make_string(out.arena(), base64_encode(bytes));
}

}  // namespace

Status add_certificate_extensions(DerFields& out, string_view tagged) {
  std::vector<Value> all;
  Collected found;
  if (!tagged.empty()) {
    const auto extensions = read_extensions(tagged);
    if (!extensions) {
      return malformed();
    }
    for (const auto& extension : *extensions) {
      all.push_back(extension_value(out, extension));
      SLUICE_TRY(collect(out, extension, found));
    }
  }
  set_names(out, found.names);
  out.list("Extensions", all);
  out.list("ExtKeyUsage", found.extended);
  out.list("UnknownExtKeyUsage", found.extended_unknown);
  out.list("UnhandledCriticalExtensions", found.critical);
  out.list("OCSPServer", found.ocsp);
  out.list("IssuingCertificateURL", found.issuing);
  out.list("CRLDistributionPoints", found.crl);
  out.list("Policies", found.policies);
  out.list("PolicyIdentifiers", found.policy_oids);
  out.number("KeyUsage", found.usage);
  out.boolean("BasicConstraintsValid", found.constraints);
  out.boolean("IsCA", found.authority);
  out.number("MaxPathLen", found.constraints ? found.path_length : 0);
  out.boolean("MaxPathLenZero", found.constraints && found.path_length == 0);
  out.set("SubjectKeyId", key_value(out, found.subject_key));
  out.set("AuthorityKeyId", key_value(out, found.authority_key));
  for (const string_view name :
       {"ExtraExtensions", "PolicyMappings", "ExcludedDNSDomains", "ExcludedEmailAddresses",
        "ExcludedIPRanges", "ExcludedURIDomains", "PermittedDNSDomains", "PermittedEmailAddresses",
        "PermittedIPRanges", "PermittedURIDomains"}) {
    out.set(name, Value());
  }
  for (const string_view name :
       {"InhibitAnyPolicy", "InhibitPolicyMapping", "RequireExplicitPolicy"}) {
    out.number(name, 0);
  }
  for (const string_view name : {"InhibitAnyPolicyZero", "InhibitPolicyMappingZero",
                                 "RequireExplicitPolicyZero", "PermittedDNSDomainsCritical"}) {
    out.boolean(name, false);
  }
  return ok;
}

Status add_request_attributes(DerFields& out, string_view attributes) {
  constexpr string_view extension_request = "1.2.840.113549.1.9.14";
  std::vector<Value> all;
  std::vector<Value> listed;
  Names names;
  DerReader list(attributes);
  while (!list.done()) {
    const auto attribute = list.next(der_sequence);
    DerReader parts(attribute ? attribute->content : string_view());
    const auto type = parts.next(der_oid);
    const auto values = parts.next(der_set);
    if (!type || !values) {
      return malformed();
    }
    if (oid_text(type->content) != extension_request) {
      continue;  // Go keeps only attributes that are lists of extensions
    }
    const auto extensions = read_extensions(values->content);
    if (!extensions) {
      return malformed();
    }
    std::vector<Value> pairs;
    for (const auto& extension : *extensions) {
      const std::array<Member, 2> pair = {
          {{"Type", out.oid_value(extension.raw_oid)},
           {"Value", make_string(out.arena(), base64_encode(extension.value))}}};
      pairs.push_back(make_object(out.arena(), pair));
      all.push_back(extension_value(out, extension));
      if (extension.oid == "2.5.29.17") {
        SLUICE_TRY(add_names(out, extension.value, names));
      }
    }
    const Value inner = make_array(out.arena(), pairs);
    const std::array<Member, 2> members = {
        {{"Type", out.oid_value(type->content)}, {"Value", make_array(out.arena(), {&inner, 1})}}};
    listed.push_back(make_object(out.arena(), members));
  }
  set_names(out, names);
  out.list("Attributes", listed);
  out.list("Extensions", all);
  out.set("ExtraExtensions", Value());
  return ok;
}

}  // namespace sluice::policy
