using Microsoft.AspNetCore.Http.HttpResults;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Web.Features.Stopping;

/// <summary>The switches for programs: anyone who may operate stops and pauses, only a key with the scope for it resumes.</summary>
public static class ControlsApi
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(366);

    public static void MapControlsApi(this IEndpointRouteBuilder routes)
    {
        var controls = routes.MapApi("/admin/controls");
        controls.MapGet("", ReadAsync).Needs(Rights.CanRead, Scopes.Read)
            .WithSummary("How the switches stand").WithDescription("With the receipt of the stop, while one holds.");
        // Stopping twice is stopping: no key of the caller's may answer a stop from memory, make it wait or refuse it.
        controls.MapPost("/kill", KillAsync).Needs(Rights.CanOperate, Scopes.Stop).NeverLimited().Takes<ReasonBody>()
            .WithSummary("Stop everything").WithDescription("Nothing leaves any replica from the commit on. The answer is the counted receipt, after every replica acknowledged or two seconds.");
        controls.MapPost("/pause", PauseAsync).Needs(Rights.CanOperate, Scopes.Stop).OnceByKey().Takes<PauseBody>()
            .WithSummary("Pause answers").WithDescription("Until a time, or until somebody resumes.");
        controls.MapPost("/resume", ResumeAsync).Needs(Rights.CanAdminister, Scopes.Resume).OnceByKey(beginsAnew: false).Takes<ResumeBody>()
            .WithSummary("Lift one switch").WithDescription("kill unless what says pause or ai; the others stay as they are.");
    }

    private static async Task<Results<Ok<ControlsAnswer>, ProblemHttpResult>> ReadAsync(HttpContext context, StopSwitches switches)
    {
        if (ApiFields.OfQuery(context).Problem is { } problem)
            return problem;
        var now = await switches.ReadAsync(context.RequestAborted);
        var receipt = now.IsKilled ? await switches.ReceiptAsync(now.Kill.Ver, context.RequestAborted) : null;
        return TypedResults.Ok(new ControlsAnswer(
            now.IsKilled ? "killed" : now.IsPaused ? "paused" : now.Ai.IsStopped ? "aiOff" : "live", now.Ver, SwitchAnswer.Of(now.Kill), SwitchAnswer.Of(now.Pause),
            SwitchAnswer.Of(now.Ai), receipt is null ? null : ReceiptAnswer.Of(receipt)));
    }

    private static async Task<Results<Ok<ReceiptAnswer>, ProblemHttpResult>> KillAsync(HttpContext context, StopSwitches switches, StopReceipts receipts)
    {
        var (fields, problem) = await ApiFields.OfBodyAsync(context, "reason");
        var reason = fields.Text("reason", StopSwitches.LongestReason) ?? "";
        if ((problem ?? fields.Problem) is { } refusal)
            return refusal;
        // Not tied to the request: a program that goes away at once must not take its stop back.
        var ver = await switches.StopAllAsync(OperatorActor.Of(context.User, context.Connection.RemoteIpAddress), reason, CancellationToken.None);
        return TypedResults.Ok(ReceiptAnswer.Of(await receipts.AwaitAsync(ver, context.RequestAborted)));
    }

    private static async Task<Results<Ok<ReceiptAnswer>, ProblemHttpResult>> PauseAsync(HttpContext context, StopSwitches switches, StopReceipts receipts, TimeProvider clock)
    {
        var (fields, problem) = await ApiFields.OfBodyAsync(context, "reason", "until");
        var (reason, until, now) = (fields.Text("reason", StopSwitches.LongestReason) ?? "", fields.Moment("until"), clock.GetUtcNow());
        if (until <= now)
            fields.Faults["until"] = $"{until:yyyy-MM-dd'T'HH:mm:ss'Z'} is already past. Give a time after {now:yyyy-MM-dd'T'HH:mm:ss'Z'}, or none to pause until somebody resumes.";
        else if (until > now + LongestPause)
            fields.Faults["until"] = "That is more than a year ahead. Leave it out to pause until somebody resumes.";
        if ((problem ?? fields.Problem) is { } refusal)
            return refusal;
        var ver = await switches.PauseAsync(until, reason, null, OperatorActor.Of(context.User, context.Connection.RemoteIpAddress), CancellationToken.None);
        return TypedResults.Ok(ReceiptAnswer.Of(await receipts.AwaitAsync(ver, context.RequestAborted)));
    }

    private static async Task<Results<Ok<ReceiptAnswer>, ProblemHttpResult>> ResumeAsync(HttpContext context, StopSwitches switches, StopReceipts receipts)
    {
        var (fields, problem) = await ApiFields.OfBodyAsync(context, "what", "reason");
        var what = fields.Text("what", 10) ?? Switch.Kill;
        if (what is not (Switch.Kill or Switch.Pause or Switch.Ai))
            fields.Faults["what"] = "One of kill, pause, ai.";
        var reason = fields.Required("reason", StopSwitches.LongestReason, "Say what changed since the stop; it goes into the audit trail.");
        if ((problem ?? fields.Problem) is { } refusal)
            return refusal;
        var ver = await switches.ResumeAsync(what, reason, OperatorActor.Of(context.User, context.Connection.RemoteIpAddress), CancellationToken.None);
        return TypedResults.Ok(ReceiptAnswer.Of(await receipts.AwaitAsync(ver, context.RequestAborted)));
    }
}

/// <summary>Why, for the receipt and the audit trail.</summary>
public sealed record ReasonBody(string? Reason);

/// <summary>Why, and until when; without a time until somebody resumes.</summary>
public sealed record PauseBody(string? Reason, DateTimeOffset? Until);

/// <summary>Which switch to lift (kill, pause, ai) and why.</summary>
public sealed record ResumeBody(string? What, string Reason);

/// <summary>How the switches stand: killed, paused, aiOff or live.</summary>
/// <param name="Ver">The newest of the switches' versions; each flip makes another.</param>
/// <param name="Receipt">What the stop did so far, while it holds.</param>
public sealed record ControlsAnswer(string State, long Ver, SwitchAnswer Kill, SwitchAnswer Pause, SwitchAnswer Ai, ReceiptAnswer? Receipt);

/// <summary>One switch.</summary>
public sealed record SwitchAnswer(bool Stopped, DateTimeOffset? Until, string Reason, string By, DateTimeOffset At, long Ver)
{
    internal static SwitchAnswer Of(Switch one) => new(one.IsStopped, one.Until, one.Reason, one.By, one.At, one.Ver);
}

/// <summary>What a flip did, counted by the database.</summary>
/// <param name="What">The switch: kill, pause or ai.</param>
/// <param name="TookMs">From the commit to the last acknowledgement; null before the first.</param>
/// <param name="Held">Texts that wait now.</param>
/// <param name="SentSince">Texts that left after the commit.</param>
/// <param name="WithCarrier">Texts in flight, whose outcome is not known yet; they can't be recalled.</param>
public sealed record ReceiptAnswer(
    string What, bool Stopped, long Ver, DateTimeOffset At, string By, string Reason, int? TookMs, long ModelCallsCancelled, long Held, long SentSince,
    long ReplicasConfirmed, int ReplicasExpected, long WithCarrier)
{
    internal static ReceiptAnswer Of(StopReceipt receipt) => new(
        receipt.Name, receipt.IsStopped, receipt.Ver, receipt.At, receipt.By, receipt.Reason, receipt.TookMs, receipt.ModelCallsCancelled, receipt.Held,
        receipt.SentSince, receipt.ReplicasConfirmed, receipt.ReplicasExpected, receipt.WithCarrier);
}
