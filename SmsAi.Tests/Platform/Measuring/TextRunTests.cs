using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using SmsAi.Bench.Load;
using SmsAi.Bench.Loopback;

namespace SmsAi.Tests.Platform.Measuring;

/// <summary>A run of texts knows its answers, and from when their times count.</summary>
public sealed class TextRunTests
{
    private const string Person = "+14155550100";

    [Fact]
    public async Task Times_count_from_the_moment_a_text_was_due()
    {
        await using var server = new LoopbackServer(_ => Task.CompletedTask);
        await using var carrier = await StartAsync(server);
        var run = new TextRun(number: 7, count: 1);
        var due = Stopwatch.GetTimestamp() - Stopwatch.Frequency * 3;

        await run.BringAsync(carrier, Person, 0, due, default);
        run.Hear(Answer("Echo: " + run.Words(0)));
        await run.AnsweredAsync(default);

        run.Webhooks.ShouldHaveSingleItem().ShouldBeGreaterThan(TimeSpan.FromSeconds(3));
        run.Answers.ShouldHaveSingleItem().ShouldBeGreaterThan(TimeSpan.FromSeconds(3));
        (run.Refused, run.Unanswered, run.Twice).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task Only_its_own_answers_count_and_a_second_one_is_told()
    {
        await using var server = new LoopbackServer(_ => Task.CompletedTask);
        await using var carrier = await StartAsync(server);
        var (run, other) = (new TextRun(1, 2), new TextRun(11, 2));
        for (var index = 0; index < 2; index++)
            await run.BringAsync(carrier, Person, index, Stopwatch.GetTimestamp(), default);

        run.Hear(Answer(other.Words(0)));
        run.Hear(Answer("Something else entirely."));
        run.Unanswered.ShouldBe(2);
        run.Hear(Answer(run.Words(1)));
        run.Hear(Answer(run.Words(1)));

        (run.Unanswered, run.Twice).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_refused_text_is_counted_and_waited_for_no_longer_and_has_no_time()
    {
        await using var server = new LoopbackServer(context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.CompletedTask;
        });
        await using var carrier = await StartAsync(server);
        var run = new TextRun(1, 1);

        await run.BringAsync(carrier, Person, 0, Stopwatch.GetTimestamp(), default);
        await run.AnsweredAsync(default);
        // Stored all the same, only too late for the webhook.
        run.Hear(Answer(run.Words(0)));

        (run.Refused, run.Unanswered, run.Twice).ShouldBe((1, 0, 0));
        run.Webhooks.ShouldBeEmpty();
    }

    private static async Task<LoopbackCarrier> StartAsync(LoopbackServer server)
    {
        await server.StartAsync();
        var carrier = await LoopbackCarrier.StartAsync();
        (carrier.Product, carrier.PublicBaseUrl) = (server.Address, "https://texts.example.org");
        return carrier;
    }

    private static LoopbackSend Answer(string words) => new(Person, "+15005550006", null, words, null, 1);
}
