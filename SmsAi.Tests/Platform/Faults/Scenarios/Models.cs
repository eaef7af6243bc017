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
        service.Model.Decide = question =>
        {
            lock (random)
            {
                return random.Next(100) switch
                {
                    < 40 => ModelAct.Hang,
                    < 60 => ModelAct.Fail(500, "server_error"),
                    < 70 => ModelAct.Fail(429, "rate_limit_exceeded", 1),
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
        var throttled = service.Driver.Questions.GroupBy(question => question.Last).Max(asked => asked.Count());
        run.Note(report with { Lost = [], Unexpected = [], Unanswered = [] });
        run.Note("apologies", service.Driver.Accepted.Count(text => text.Body == Apology));
        run.Note("most questions for one text", throttled);
        run.Note("longest answer, characters", service.Driver.Accepted.Max(text => text.Body.Length));
        (report with { Lost = [], Unexpected = [], Unanswered = [] }).ShouldBeClean();
        answers.Count.ShouldBe(people);
        answers.ShouldAllBe(texts => texts.Count() == 1);
        service.Driver.Accepted.ShouldAllBe(text => text.Body.Length <= LongestAnswer);
        (await service.Database.ScalarAsync<short>("select max(num_segments)::smallint from messages where direction = 'out' and created_at >= $1", service.Driver.BeganAt)).ShouldBeLessThanOrEqualTo((short)4);
        two.Pass(run);
    }
}
