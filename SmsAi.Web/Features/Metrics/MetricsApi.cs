using Microsoft.AspNetCore.Http.HttpResults;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Web.Features.Metrics;

/// <summary>The figures of this moment, for monitoring.</summary>
public static class MetricsApi
{
    public static void MapMetricsApi(this IEndpointRouteBuilder routes) => routes.MapApi("/admin/metrics")
        .MapGet("/realtime", ReadAsync).Needs(Rights.CanRead, Scopes.Read)
        .WithSummary("The figures of this moment").WithDescription("Days are UTC days. Asked of the database at most once a second, however many ask.");

    private static async Task<Results<Ok<RealtimeAnswer>, ProblemHttpResult>> ReadAsync(HttpContext context, RealtimeFigures figures, ServiceHealth health)
    {
        if (ApiFields.OfQuery(context).Problem is { } problem)
            return problem;
        var (now, parties) = (await figures.ReadAsync(context.RequestAborted), health.Current);
        return TypedResults.Ok(new RealtimeAnswer(
            now.At, now.Today.ActiveUsers, now.Today.Received + now.Today.Sent, now.Today.Errors,
            new(parties.Twilio, parties.OpenAi, parties.Database, parties.Redis),
            new(now.Today.ModelMicros, now.Today.CarrierMicros, now.Today.CostMicros),
            new(now.Hour.AnswerP50, now.Hour.AnswerP95),
            new(now.Queue.Waiting, (now.Queue.OldestWaiting ?? TimeSpan.Zero).TotalSeconds, now.Queue.Held)));
    }
}

/// <summary>The figures of a moment.</summary>
/// <param name="ActiveUsers">People who wrote today.</param>
/// <param name="MessagesToday">Received and sent together.</param>
/// <param name="ErrorsToday">Messages that went wrong today.</param>
public sealed record RealtimeAnswer(
    DateTimeOffset At, long ActiveUsers, long MessagesToday, long ErrorsToday, RealtimeHealth SystemHealth, RealtimeCosts Costs, RealtimeTimes ResponseTime,
    RealtimeQueue Queue);

/// <summary>up, down, off (not used) or unknown (not asked yet).</summary>
public sealed record RealtimeHealth(string Twilio, string Openai, string Database, string Redis);

/// <summary>Today's, in millionths of a dollar.</summary>
public sealed record RealtimeCosts(long AiMicroUsd, long SmsMicroUsd, long TotalMicroUsd);

/// <summary>From a text's arrival to the carrier's acceptance of its answer, over the last hour; null without answers.</summary>
public sealed record RealtimeTimes(int? P50Ms, int? P95Ms);

/// <summary>Living work: due or being worked on, how long the oldest of it waits, and what a switch or a hold keeps back.</summary>
public sealed record RealtimeQueue(int Depth, double OldestSeconds, int Held);
