// SPDX-License-Identifier: Apache-2.0
#include "rules/rules.hpp"

#include "rules/claim.hpp"
#include "rules/kinds.hpp"
#include "rules/metadata.hpp"
#include "rules/pod.hpp"
#include "rules/workload.hpp"

#include <algorithm>
#include <array>

namespace sluice::rules {

struct Kind {
  std::string_view name;
  std::string_view group;
  Form object_name;
  Scope scope;
  void (*check)(Object&);
};

namespace {

constexpr std::string_view rbac = "rbac.authorization.k8s.io";
constexpr std::string_view networking = "networking.k8s.io";
constexpr auto ns = Scope::namespaced;
constexpr auto cluster = Scope::cluster;
constexpr auto label = Form::dns_label;
constexpr auto subdomain = Form::dns_subdomain;
constexpr auto segment = Form::path_segment;

void nothing_more(Object&) {}

void check_pod_template(Object& object) {
  check_template(object, object.root());
}

/// Sorted by name.
constexpr std::array kinds{
    Kind{"ClusterRole", rbac, segment, cluster, check_cluster_role},
    Kind{"ClusterRoleBinding", rbac, segment, cluster, check_cluster_role_binding},
    Kind{"ConfigMap", "", subdomain, ns, check_config_map},
    Kind{"CronJob", "batch", subdomain, ns, check_cron_job},
    Kind{"DaemonSet", "apps", subdomain, ns, check_daemon_set},
    Kind{"Deployment", "apps", subdomain, ns, check_deployment},
    Kind{"HorizontalPodAutoscaler", "autoscaling", subdomain, ns, check_autoscaler},
    Kind{"Ingress", networking, subdomain, ns, check_ingress},
    Kind{"Job", "batch", subdomain, ns, check_job},
    Kind{"Namespace", "", label, cluster, check_namespace},
    Kind{"NetworkPolicy", networking, subdomain, ns, check_network_policy},
    Kind{"PersistentVolumeClaim", "", subdomain, ns, check_claim},
    Kind{"Pod", "", subdomain, ns, check_pod},
    Kind{"PodDisruptionBudget", "policy", segment, ns, check_disruption_budget},
    Kind{"PodTemplate", "", subdomain, ns, check_pod_template},
    Kind{"ReplicaSet", "apps", subdomain, ns, check_replica_set},
    Kind{"ReplicationController", "", subdomain, ns, check_replication_controller},
    Kind{"Role", rbac, segment, ns, check_role},
    Kind{"RoleBinding", rbac, segment, ns, check_role_binding},
    Kind{"Secret", "", subdomain, ns, check_secret},
    Kind{"Service", "", Form::dns_1035_label, ns, check_service},
    Kind{"ServiceAccount", "", subdomain, ns, nothing_more},
    Kind{"StatefulSet", "apps", label, ns, check_stateful_set},
};
static_assert(std::is_sorted(kinds.begin(), kinds.end(), [](const Kind& a, const Kind& b) {
  return a.name < b.name;
}));

}  // namespace

const Kind* find(const k8s::Resource& resource) {
  const std::string_view name = resource.ref.kind;
  const auto found =
      std::lower_bound(kinds.begin(), kinds.end(), name,
                       [](const Kind& kind, std::string_view n) { return kind.name < n; });
  const bool known =
      found != kinds.end() && found->name == name && found->group == resource.group();
  return known ? &*found : nullptr;
}

void check(const Kind& kind,
           const k8s::Resource& resource,
           schema::KubeVersion version,
           std::vector<diag::Finding>& findings) {
  Object object(resource, version, 0, findings);
  check_metadata(object, kind.object_name, kind.scope);
  kind.check(object);
}

}  // namespace sluice::rules
