using System.Reflection;
using SmsAi.Core.Platform.Database;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Tests.Structure;

/// <summary>Which folder may use which: Features stand on the Pipeline, both on Platform, and neighbours are strangers unless a line here says otherwise.</summary>
public sealed class DirectionTests
{
    // Introduce the stages to each other; no stage knows them.
    private static readonly string[] Flows =
        ["InboundFlow", "OutboundFlow", "TurnRunner", "LeaseRescuer", "RoadDrain", "PipelineServices"];

    // What work is and what happened to it: every stage speaks of these.
    private static readonly string[] CommonGround = ["Pipeline/Queueing", "Pipeline/Ledger"];

    // Folder → neighbours it may use, a whole folder or one of its types.
    private static readonly Dictionary<string, string[]> Neighbours = new()
    {
        // STOP takes effect in the intake's transaction; the carrier's account says what a webhook is signed with, and which number is ours;
        // its list brings what no webhook did.
        ["Pipeline/Intake"] =
        [
            "Pipeline/Routing.OptOutWord", "Pipeline/Routing.OptOutWords", "Pipeline/Delivery.TwilioOptions", "Pipeline/Delivery.OurNumbers",
            "Pipeline/Delivery.ICarrier", "Pipeline/Delivery.CarrierListing", "Pipeline/Delivery.CarrierMessage", "Pipeline/Delivery.PageChoice",
        ],
        // Texts from our own numbers are loops.
        ["Pipeline/Limits"] = ["Pipeline/Delivery.OurNumbers"],
        // An answer is written for a route, by what the person's tier allows, and as a draft of a send.
        ["Pipeline/Replying"] =
            ["Pipeline/Routing.Route", "Pipeline/Limits.TierLimits", "Pipeline/Limits.TierLimit", "Pipeline/Sending.Draft", "Pipeline/Sending.SegmentCount", "Pipeline/Sending.Segments", "Pipeline/Sending.SmsText"],
        // What the carrier can say is one vocabulary for sends and receipts.
        ["Pipeline/Receipts"] =
        [
            "Pipeline/Delivery.ICarrier", "Pipeline/Delivery.CarrierLookup", "Pipeline/Delivery.CarrierMessage", "Pipeline/Delivery.CarrierError",
            "Pipeline/Delivery.CarrierErrors", "Pipeline/Delivery.CarrierAction",
            // Reports come through the same signed door as texts.
            "Pipeline/Intake",
        ],
        ["Pipeline/Sending"] =
        [
            "Pipeline/Delivery.ICarrier", "Pipeline/Delivery.CarrierListing", "Pipeline/Delivery.CarrierMessage", "Pipeline/Delivery.CarrierError",
            "Pipeline/Delivery.CarrierErrors", "Pipeline/Delivery.SendResult", "Pipeline/Receipts.CarrierStatus", "Pipeline/Replying.SmsPrice",
        ],
        // Each flip writes its line of the audit trail in its own transaction; so does whoever comes in.
        // Dangerous acts ask for the second factor by the same dialog everywhere.
        ["Features/Stopping"] = ["Features/Auditing", "Features/Access.StepUpDialog"],
        // The handset plays against the sandbox's carrier, and what it breaks there is somebody's act.
        ["Features/Phone"] = ["Features/Sandbox", "Features/Auditing"],
        // Replaying a dead letter writes its line of the audit trail in its own transaction.
        ["Features/Stories"] = ["Features/Auditing"],
        // What is done to people, and who saw a number, stands in the audit trail.
        ["Features/People"] = ["Features/Auditing", "Features/Stories.PersonMessages", "Features/Access.StepUpDialog"],
        // A thread shows the person beside it, pages along the same places as the list of messages, and what is done there is audited; a person can be held from there.
        ["Features/Conversations"] = ["Features/Auditing", "Features/People", "Features/Searching", "Features/Stories", "Features/Stopping.Holds"],
        // Who changed a setting stands in the audit trail.
        ["Features/Settings"] = ["Features/Auditing"],
        // Who ran a job or switched it off stands in the audit trail.
        ["Features/Jobs"] = ["Features/Auditing"],
        // Who resolved an error stands in the audit trail.
        ["Features/Errors"] = ["Features/Auditing"],
        // Supervisors are told what the system check last saw.
        ["Features/Health"] = ["Features/SystemCheck"],
        ["Features/Access"] = ["Features/Auditing"],
        // The figures go out with the health of the parties behind them.
        ["Features/Metrics"] = ["Features/SystemCheck.ServiceHealth", "Features/SystemCheck.HealthSnapshot"],
        // Making and ending keys stands in the audit trail; wrong ones are slowed as wrong passwords are.
        ["Features/ApiKeys"] = ["Features/Auditing", "Features/Access.AddressThrottle", "Features/Access.StepUpDialog"],
    };

    [Fact]
    public void Folders_use_only_what_they_may()
    {
        var offenders = TypeUses.Of(Assemblies).Where(use => !IsAllowed(use.User, use.Used))
            .Select(use => $"{Short(use.User)} uses {Short(use.Used)}").Order();
        offenders.ShouldBeEmpty();
    }

    [Fact]
    public void Every_exception_is_still_needed()
    {
        var uses = TypeUses.Of(Assemblies).Select(use => (User: Place.Of(use.User), Used: Place.Of(use.Used), Type: use.Used.Name)).ToHashSet();
        var idle = Neighbours.SelectMany(pair => pair.Value.Select(neighbour => (pair.Key, Neighbour: neighbour)))
            .Where(pair => !uses.Any(use => use.User.Folder == pair.Key && Names(pair.Neighbour, use.Used, use.Type)));
        idle.ShouldBeEmpty();
    }

    private static Assembly[] Assemblies => [typeof(Databases).Assembly, typeof(App).Assembly];

    private static bool IsAllowed(Type userType, Type usedType)
    {
        var (user, used) = (Place.Of(userType), Place.Of(usedType));
        if (user.Folder == used.Folder || used.Word == "Platform")
            return true;
        return user.Word switch
        {
            "Platform" => false,
            "Pipeline" => used.Word == "Pipeline" && (IsFlow(user, userType) || used.Slice.Length == 0 && !IsFlow(used, usedType) || IsNeighbour(user, used, usedType)),
            _ => used.Word == "Pipeline" || IsNeighbour(user, used, usedType),
        };
    }

    private static bool IsFlow(Place place, Type type) => place is { Word: "Pipeline", Slice: "" } && Flows.Contains(type.Name);

    private static bool IsNeighbour(Place user, Place used, Type type) =>
        CommonGround.Contains(used.Folder) || Neighbours.TryGetValue(user.Folder, out var neighbours) && neighbours.Any(neighbour => Names(neighbour, used, type.Name));

    private static bool Names(string neighbour, Place used, string type) => neighbour == used.Folder || neighbour == $"{used.Folder}.{type}";

    private static string Short(Type type) => type.FullName!["SmsAi.".Length..];

    /// <summary>Where a type lives: the same two words in Core and Web.</summary>
    private sealed record Place(string Word, string Slice)
    {
        public string Folder => $"{Word}/{Slice}";

        public static Place Of(Type type)
        {
            var words = type.Namespace!.Split('.');
            return new Place(words.ElementAtOrDefault(2) ?? "", words.ElementAtOrDefault(3) ?? "");
        }
    }
}
