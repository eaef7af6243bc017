namespace SmsAi.Tests.Platform.Faults.Mutants;

/// <summary>The mutants that the scenarios must tell from the product.</summary>
public static class AllMutants
{
    private const string Queue = "SmsAi.Core/Pipeline/Queueing/QueueSql.cs";
    private const string Scenarios = "SmsAi.Tests.Platform.Faults.Scenarios.";

    public static IReadOnlyList<Mutant> List { get; } =
    [
        new("blind re-send", "RF-02", Scenarios + "UncertainSends.RF02*", "duplicated [1-9]\\d*", new SourceChange(
            "SmsAi.Core/Pipeline/Sending/Reconciler.cs",
            """
                    if (left > TimeSpan.Zero)
                        return new Certainty(SendOutcomes.StillUncertain(turn, "settling", left), false);
            """,
            """
                    if (left < TimeSpan.MaxValue)
                        return new Certainty(null, true);
            """)),
        new("no last moment", "RF-11b", Scenarios + "Takeovers.RF11_A_replica_frozen_before*", "duplicated [1-9]\\d*", new SourceChange(
            "SmsAi.Core/Pipeline/OutboundFlow.cs",
            "LastMoment = answer.AskedAt + (long)(options.Value.Settle.TotalSeconds / 2 * Stopwatch.Frequency),",
            "LastMoment = long.MaxValue,")),
        new("retrying POST", "RF-04c", Scenarios + "UncertainSends.RF04*", "duplicated [1-9]\\d*", new SourceChange(
            "SmsAi.Core/Pipeline/Delivery/TwilioCarrier.cs",
            """
                        using var response = await client.SendAsync(message, limit.Token);
            """,
            """
                        var answer = await client.SendAsync(message, limit.Token);
                        if ((int)answer.StatusCode >= 500)
                        {
                            using var again = Request(HttpMethod.Post, message.RequestUri!);
                            again.Content = new WriteOnceContent(Form(request));
                            answer = await client.SendAsync(again, limit.Token);
                        }

                        using var response = answer;
            """)),
        new("switch read from Redis", "RF-08c", Scenarios + "StopAll.RF08*", "after a stop [1-9]\\d*",
            new SourceChange(
                "SmsAi.Core/Features/Stopping/StopGates.cs",
                "exists (select from controls s where s.name = 'kill' and not s.stopped)",
                "true"),
            // The replica knows only what news told it.
            new SourceChange(
                "SmsAi.Core/Features/Stopping/SwitchWatch.cs",
                "await wake.WaitAsync(Every, stoppingToken);",
                "await wake.WaitAsync(stoppingToken);"),
            new SourceChange(
                "SmsAi.Core/Features/Stopping/SwitchWatch.cs",
                "TimeSpan GoodFor = TimeSpan.FromMilliseconds(200)",
                "TimeSpan GoodFor = TimeSpan.FromDays(1)"))
        {
            // One stop may be noticed by chance, where the listener has just connected again.
            NeedsLongForm = true,
        },
        new("no sweep", "RF-10a", Scenarios + "Outages.RF10*", "unanswered [1-9]\\d*", new SourceChange(
            "SmsAi.Core/Pipeline/Intake/InboundSweep.cs",
            """
                    await using var attempt = new NpgsqlCommand(SweepSql.TryLock, connection);
            """,
            """
                    if (!cancel.IsCancellationRequested)
                        return new SweepOutcome(0, IsComplete: true);
                    await using var attempt = new NpgsqlCommand(SweepSql.TryLock, connection);
            """)),
        new("claim by NOT EXISTS", "RF-15a", Scenarios + "Takeovers.RF15*", "overlapping [1-9]\\d*",
            // No lease, and no index that would refuse the second run: only "no older row is queued".
            new SourceChange(
                Queue,
                """
                            and (select c.lease_until is null or c.lease_until < clock_timestamp() from conversations c where c.id = q.conversation_id)
                            -- What a lost worker had in hand comes first, also before a send that was put ahead of it meanwhile.
                            and (q.state = 'running' or (
                              not exists (select from queue r where r.conversation_id = q.conversation_id and r.state = 'running')
                              and not exists (select from queue o where o.conversation_id = q.conversation_id and o.position < q.position and {Blocks}
                """,
                """
                            and q.state = 'queued'
                            and (false or (
                              true
                              and not exists (select from queue o where o.conversation_id = q.conversation_id and o.id < q.id and {Blocks}
                """),
            new SourceChange(
                Queue,
                "where c.id = due.conversation_id and (c.lease_until is null or c.lease_until < clock_timestamp()) for update skip locked",
                "where c.id = due.conversation_id for update skip locked"))
        {
            Sql = "drop index queue_one_running",
        },
    ];
}
