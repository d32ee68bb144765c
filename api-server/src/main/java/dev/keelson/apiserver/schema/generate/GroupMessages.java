package dev.keelson.apiserver.schema.generate;

/** The messages of whole groups that were never published as Java classes, in the notation of {@link Supplement}. */
final class GroupMessages {
    static final String EVENTS = """
            message k8s.io.api.events.v1.Event
            optional META.ObjectMeta metadata = 1
            optional META.MicroTime eventTime = 2
            optional k8s.io.api.events.v1.EventSeries series = 3
            optional string reportingController = 4
            optional string reportingInstance = 5
            optional string action = 6
            optional string reason = 7
            optional k8s.io.api.core.v1.ObjectReference regarding = 8
            optional k8s.io.api.core.v1.ObjectReference related = 9
            optional string note = 10
            optional string type = 11
            optional k8s.io.api.core.v1.EventSource deprecatedSource = 12
            optional META.Time deprecatedFirstTimestamp = 13
            optional META.Time deprecatedLastTimestamp = 14
            optional int32 deprecatedCount = 15
            message k8s.io.api.events.v1.EventList
            optional META.ListMeta metadata = 1
            repeated k8s.io.api.events.v1.Event items = 2
            message k8s.io.api.events.v1.EventSeries
            optional int32 count = 1
            optional META.MicroTime lastObservedTime = 2
            """;

    static final String NODE = """
            message k8s.io.api.node.v1.RuntimeClass
            optional META.ObjectMeta metadata = 1
            optional string handler = 2
            optional k8s.io.api.node.v1.Overhead overhead = 3
            optional k8s.io.api.node.v1.Scheduling scheduling = 4
            message k8s.io.api.node.v1.RuntimeClassList
            optional META.ListMeta metadata = 1
            repeated k8s.io.api.node.v1.RuntimeClass items = 2
            message k8s.io.api.node.v1.Overhead
            map k8s.io.apimachinery.pkg.api.resource.Quantity podFixed = 1
            message k8s.io.api.node.v1.Scheduling
            map string nodeSelector = 1 +mapType=atomic
            repeated k8s.io.api.core.v1.Toleration tolerations = 2 +listType=atomic
            """;

    static final String APIREGISTRATION = """
            message k8s.io.api.apiregistration.v1.APIService
            optional META.ObjectMeta metadata = 1
            optional k8s.io.api.apiregistration.v1.APIServiceSpec spec = 2
            optional k8s.io.api.apiregistration.v1.APIServiceStatus status = 3
            message k8s.io.api.apiregistration.v1.APIServiceList
            optional META.ListMeta metadata = 1
            repeated k8s.io.api.apiregistration.v1.APIService items = 2
            message k8s.io.api.apiregistration.v1.APIServiceSpec
            optional k8s.io.api.apiregistration.v1.ServiceReference service = 1
            optional string group = 2
            optional string version = 3
            optional bool insecureSkipTLSVerify = 4
            optional bytes caBundle = 5
            optional int32 groupPriorityMinimum = 7
            optional int32 versionPriority = 8
            message k8s.io.api.apiregistration.v1.APIServiceStatus
            repeated k8s.io.api.apiregistration.v1.APIServiceCondition conditions = 1 BYTYPE
            message k8s.io.api.apiregistration.v1.APIServiceCondition
            CONDITION
            message k8s.io.api.apiregistration.v1.ServiceReference
            optional string namespace = 1
            optional string name = 2
            optional int32 port = 3
            """;

    static final String FLOWCONTROL = """
            message k8s.io.api.flowcontrol.v1.FlowSchema
            optional META.ObjectMeta metadata = 1
            optional k8s.io.api.flowcontrol.v1.FlowSchemaSpec spec = 2
            optional k8s.io.api.flowcontrol.v1.FlowSchemaStatus status = 3
            message k8s.io.api.flowcontrol.v1.FlowSchemaList
            optional META.ListMeta metadata = 1
            repeated k8s.io.api.flowcontrol.v1.FlowSchema items = 2
            message k8s.io.api.flowcontrol.v1.FlowSchemaSpec
            optional k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationReference priorityLevelConfiguration = 1
            optional int32 matchingPrecedence = 2
            optional k8s.io.api.flowcontrol.v1.FlowDistinguisherMethod distinguisherMethod = 3
            repeated k8s.io.api.flowcontrol.v1.PolicyRulesWithSubjects rules = 4 +listType=atomic
            message k8s.io.api.flowcontrol.v1.FlowSchemaStatus
            repeated k8s.io.api.flowcontrol.v1.FlowSchemaCondition conditions = 1 BYTYPE
            message k8s.io.api.flowcontrol.v1.FlowSchemaCondition
            CONDITION
            message k8s.io.api.flowcontrol.v1.FlowDistinguisherMethod
            optional string type = 1
            message k8s.io.api.flowcontrol.v1.PolicyRulesWithSubjects
            repeated k8s.io.api.flowcontrol.v1.Subject subjects = 1 +listType=atomic
            repeated k8s.io.api.flowcontrol.v1.ResourcePolicyRule resourceRules = 2 +listType=atomic
            repeated k8s.io.api.flowcontrol.v1.NonResourcePolicyRule nonResourceRules = 3 +listType=atomic
            message k8s.io.api.flowcontrol.v1.Subject
            optional string kind = 1
            optional k8s.io.api.flowcontrol.v1.UserSubject user = 2
            optional k8s.io.api.flowcontrol.v1.GroupSubject group = 3
            optional k8s.io.api.flowcontrol.v1.ServiceAccountSubject serviceAccount = 4
            message k8s.io.api.flowcontrol.v1.UserSubject
            optional string name = 1
            message k8s.io.api.flowcontrol.v1.GroupSubject
            optional string name = 1
            message k8s.io.api.flowcontrol.v1.ServiceAccountSubject
            optional string namespace = 1
            optional string name = 2
            message k8s.io.api.flowcontrol.v1.ResourcePolicyRule
            repeated string verbs = 1 +listType=set
            repeated string apiGroups = 2 +listType=set
            repeated string resources = 3 +listType=set
            optional bool clusterScope = 4
            repeated string namespaces = 5 +listType=set
            message k8s.io.api.flowcontrol.v1.NonResourcePolicyRule
            repeated string verbs = 1 +listType=set
            repeated string nonResourceURLs = 6 +listType=set
            message k8s.io.api.flowcontrol.v1.PriorityLevelConfiguration
            optional META.ObjectMeta metadata = 1
            optional k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationSpec spec = 2
            optional k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationStatus status = 3
            message k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationList
            optional META.ListMeta metadata = 1
            repeated k8s.io.api.flowcontrol.v1.PriorityLevelConfiguration items = 2
            message k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationSpec
            optional string type = 1
            optional k8s.io.api.flowcontrol.v1.LimitedPriorityLevelConfiguration limited = 2
            optional k8s.io.api.flowcontrol.v1.ExemptPriorityLevelConfiguration exempt = 3
            message k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationStatus
            repeated k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationCondition conditions = 1 BYTYPE
            message k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationCondition
            CONDITION
            message k8s.io.api.flowcontrol.v1.PriorityLevelConfigurationReference
            optional string name = 1
            message k8s.io.api.flowcontrol.v1.LimitedPriorityLevelConfiguration
            optional int32 nominalConcurrencyShares = 1
            optional k8s.io.api.flowcontrol.v1.LimitResponse limitResponse = 2
            optional int32 lendablePercent = 3
            optional int32 borrowingLimitPercent = 4
            message k8s.io.api.flowcontrol.v1.ExemptPriorityLevelConfiguration
            optional int32 nominalConcurrencyShares = 1
            optional int32 lendablePercent = 2
            message k8s.io.api.flowcontrol.v1.LimitResponse
            optional string type = 1
            optional k8s.io.api.flowcontrol.v1.QueuingConfiguration queuing = 2
            message k8s.io.api.flowcontrol.v1.QueuingConfiguration
            optional int32 queues = 1
            optional int32 handSize = 2
            optional int32 queueLengthLimit = 3
            """;

    private GroupMessages() {}
}
