using System.Collections.Concurrent;
using SmsAi.Bench.Loopback;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>RF-19: a model that is slow, fails, and talks too much.</summary>
[Collection(FaultCollection.Name)]
public sealed class Models(TwoReplicas two)
{
    private const string Apology = "Sorry, I can't answer right now. Try again in a few minutes.";
    private const int LongestAnswer = 1600;

    [Fact]
    public async Task RF19_Whatever_the_model_does_each_text_gets_one_answer_or_one_apology()
    {
        Assert.SkipUnless(FaultRun.IsLong, "Its parts are among RoadTests.");
        using var run = new FaultRun("RF-19", "model slow, failing, expensive");
        var service = await two.BeginAsync();
        const int people = 300;
        var random = run.Random;
        var tries = new ConcurrentDictionary<string, int>();
        service.Model.Decide = question =>
        {
            lock (random)
            {
                var dice = random.Next(100);
                // "Too fast" costs no try.
                if (dice < 10)
                    return ModelAct.Fail(429, "rate_limit_exceeded", 1);
                tries.AddOrUpdate(question.Last, 1, (_, count) => count + 1);
                return dice switch
                {
                    < 50 => ModelAct.Hang,
                    < 70 => ModelAct.Fail(500, "server_error"),
                    < 80 => ModelAct.Truncated,
                    < 85 => ModelAct.Answer(""),
                    < 90 => ModelAct.Answer(string.Concat(Enumerable.Repeat("A long answer. ", 340))),
                    _ => ModelAct.Answer("Echo: " + question.Last),
                };
            }
        };
        await service.Driver.CrowdAsync(() => service.Replicas[Random.Shared.Next(2)], people, each: 1, first: 8000);
        await service.IdleAsync(180);
        var report = await service.CheckAsync();
        var answers = service.Driver.Accepted.GroupBy(text => text.To).ToList();
        run.Note(report with { Lost = [], Unexpected = [], Unanswered = [] });
        run.Note("apologies", service.Driver.Accepted.Count(text => text.Body == Apology));
        run.Note("most tries of one text", tries.Values.Max());
        run.Note("longest answer, characters", service.Driver.Accepted.Max(text => text.Body.Length));
        (report with { Lost = [], Unexpected = [], Unanswered = [] }).ShouldBeClean();
        tries.Values.Max().ShouldBeLessThanOrEqualTo(3);
        answers.Count.ShouldBe(people);
        answers.ShouldAllBe(texts => texts.Count() == 1);
        service.Driver.Accepted.ShouldAllBe(text => text.Body.Length <= LongestAnswer);
        (await service.Database.ScalarAsync<short>("select max(num_segments)::smallint from messages where direction = 'out' and created_at >= $1", service.Driver.BeganAt)).ShouldBeLessThanOrEqualTo((short)4);
        two.Pass(run);
    }
}
