// SPDX-License-Identifier: Apache-2.0
#include "policy/suite_load.hpp"

#include "base/text.hpp"
#include "manifests/input.hpp"

namespace sluice::policy {

namespace {

Status local(const std::string& path) {
  return path.find("://") == std::string::npos
             ? ok
             : Status(Error{Error::Kind::unsupported,
                            text::printable(path) + ": files are not fetched"});
}

class Loading {
 public:
  explicit Loading(const Suite& suite) : suite_(suite) {}

  Result<SuiteData> run() {
    for (const auto& path : suite_.policies) {
      SLUICE_TRY(policies(path));
    }
    for (const auto& path : suite_.resources) {
      SLUICE_TRY(objects(path, data_.objects));
    }
    for (const auto& path : suite_.targets) {
      SLUICE_TRY(objects(path, data_.targets));
    }
    SLUICE_TRY(values());
    SLUICE_TRY(user());
    for (const auto& path : suite_.exceptions) {
      SLUICE_TRY(exceptions(path));
    }
    for (const auto& exception : data_.exceptions) {
      data_.exception_list.push_back(&exception);
    }
    SLUICE_TRY(cluster());
    for (auto& entry : data_.objects) {
      apply_subresource(entry.object);
    }
    return std::move(data_);
  }

 private:
  Result<Value> single_document(const std::string& path, std::string_view kind) {
    Manifests file;
    SLUICE_TRY_ASSIGN(file, read_manifests(path));
    data_.owners.push_back(file);
    if (file->documents.size() != 1) {
      return Error{Error::Kind::parse,
                   path + ": one document of kind " + std::string(kind) + " is wanted"};
    }
    return Value::of(file->documents[0], file->documents[0].root());
  }

  Status values() {
    if (!suite_.values_file.empty()) {
      Value document;
      SLUICE_TRY_ASSIGN(document, single_document(suite_.values_file, "Values"));
      SLUICE_TRY_ASSIGN(data_.values, read_values(document, data_.owners.back()));
    } else if (!suite_.inline_values.is_null()) {
      SLUICE_TRY_ASSIGN(data_.values, read_values(suite_.inline_values, suite_.owner));
    }
    return ok;
  }

  Status user() {
    if (suite_.user_file.empty()) {
      return ok;
    }
    Value document;
    SLUICE_TRY_ASSIGN(document, single_document(suite_.user_file, "UserInfo"));
    UserInfo read;
    SLUICE_TRY_ASSIGN(read, read_user_info(document));
    data_.user = std::move(read);
    return ok;
  }

  /// What rules may look up: the suite's own objects and those it declares a cluster to have.
  Status cluster() {
    Declared& declared = data_.declared;
    SLUICE_TRY(read_declared(suite_.answers, suite_.globals, folder_of(suite_.file), declared));
    SLUICE_TRY(read_cluster(suite_.cluster, declared));
    for (const auto& object : declared.objects) {
      data_.world.push_back(normalise(data_.arena, object, "", Scope::kyverno_cli));
    }
    for (const auto* list : {&data_.objects, &data_.targets}) {
      for (const auto& entry : *list) {
        declared.objects.push_back(entry.object.value);
        data_.world.push_back(entry.object);
      }
    }
    for (const auto& object : declared.objects) {
      if (declared.has_cluster && object.text({"kind"}) == "ConfigMap") {
        data_.config_maps.insert_or_assign(std::string(object.text({"metadata", "namespace"})) +
                                               "/" + std::string(object.text({"metadata", "name"})),
                                           object);
      }
    }
    return ok;
  }

  Status policies(const std::string& path) {
    SLUICE_TRY(local(path));
    std::vector<std::string> files;
    SLUICE_TRY_ASSIGN(files, manifests::files_of(path));
    for (const auto& file : files) {
      Manifests manifests;
      SLUICE_TRY_ASSIGN(manifests, read_manifests(file));
      data_.owners.push_back(manifests);
      for_each_object(*manifests, [&](const Value& object) {
        SuitePolicy entry{.name = std::string(object.text({"metadata", "name"})),
                          .sort = sort_of(object),
                          .kind = std::string(object.text({"kind"})),
                          .policy = std::nullopt,
                          .source = object};
        if (entry.sort == PolicySort::classic) {
          entry.policy = compile_policy(object, manifests);
        }
        if (entry.sort != PolicySort::none) {
          data_.policies.push_back(std::move(entry));
        }
      });
    }
    return ok;
  }

  Status exceptions(const std::string& path) {
    SLUICE_TRY(local(path));
    Manifests manifests;
    SLUICE_TRY_ASSIGN(manifests, read_manifests(path));
    data_.owners.push_back(manifests);
    Status status = ok;
    for_each_object(*manifests, [&](const Value& object) {
      if (is_exception(object)) {
        data_.exceptions.push_back(compile_exception(object, manifests));
        if (const auto& problems = data_.exceptions.back().problems; !problems.empty()) {
          status = Error{Error::Kind::parse, path + ": " + problems[0].message};
        }
      }  // those of CEL policies concern no classic one
    });
    return status;
  }

  Status objects(const std::string& path, std::vector<SuiteObject>& out) {
    SLUICE_TRY(local(path));
    std::vector<std::string> files;
    SLUICE_TRY_ASSIGN(files, manifests::files_of(path));
    std::set<std::string> keys;
    for (const auto& entry : out) {
      keys.insert(entry.key);
    }
    for (const auto& file : files) {
      std::vector<Object> read;
      SLUICE_TRY_ASSIGN(read, load_objects(file, data_));
      for (const auto& object : read) {
        SuiteObject entry{.object = object, .key = key_of(object)};
        if (keys.insert(entry.key).second) {
          out.push_back(std::move(entry));
        } else {
          data_.duplicates.push_back(object.value);
        }
      }
    }
    return ok;
  }

  /// Copies into the arena: the values move with the data.
  void apply_subresource(Object& object) {
    for (const auto& entry : data_.values.subresources) {
      if (object.kind == entry.kind && object.group == entry.group &&
          object.version == entry.version) {
        object.kind = data_.arena.copy(entry.parent_kind);
        object.group = data_.arena.copy(entry.parent_group);
        object.version = data_.arena.copy(entry.parent_version);
        object.subresource = data_.arena.copy(entry.subresource);
        return;
      }
    }
  }

  const Suite& suite_;
  SuiteData data_;
};

}  // namespace

std::string key_of(const Object& object) {
  return std::string(object.api_version) + "/" + std::string(object.kind) + "/" +
         std::string(object.name_space) + "/" + std::string(object.name);
}

Result<std::vector<Object>> load_objects(const std::string& path, SuiteData& data) {
  Manifests manifests;
  SLUICE_TRY_ASSIGN(manifests, read_manifests(path));
  data.owners.push_back(manifests);
  std::vector<Object> objects;
  for_each_object(*manifests, [&](const Value& manifest) {
    objects.push_back(normalise(data.arena, manifest, "", Scope::kyverno_cli));
  });
  return objects;
}

Result<SuiteData> load_suite(const Suite& suite) {
  return Loading(suite).run();
}

}  // namespace sluice::policy
