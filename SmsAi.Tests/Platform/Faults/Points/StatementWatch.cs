using System.Diagnostics;

namespace SmsAi.Tests.Platform.Faults.Points;

/// <summary>Recognises the road's transactions by their own words as the database's driver traces them; each is one batch and so one commit.</summary>
internal static class StatementWatch
{
    private static readonly (string[] Words, string? Before, string? After)[] Points =
    [
        (["insert into message_sids", "insert into queue"], FaultPoints.BeforeIntakeCommit, FaultPoints.AfterIntakeCommit),
        (["state = 'sending', attempt"], null, FaultPoints.AfterGateCommit),
        (["delete from queue", "answer_ms"], FaultPoints.BeforeSentCommit, FaultPoints.AfterSentCommit),
    ];

    public static void Begin(FaultEngine faults) => ActivitySource.AddActivityListener(new ActivityListener
    {
        ShouldListenTo = source => source.Name == "Npgsql",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        ActivityStarted = activity => Reach(faults, PointsOf(activity).Before),
        ActivityStopped = activity => Reach(faults, activity.Status == ActivityStatusCode.Error ? null : PointsOf(activity).After),
    });

    private static void Reach(FaultEngine faults, string? point)
    {
        if (point is not null)
            faults.Reach(point);
    }

    private static (string? Before, string? After) PointsOf(Activity activity)
    {
        var text = activity.TagObjects.FirstOrDefault(tag => tag.Key is "db.query.text" or "db.statement").Value as string ?? "";
        var (_, before, after) = Points.FirstOrDefault(point => point.Words.All(word => text.Contains(word, StringComparison.Ordinal)));
        return (before, after);
    }
}
