using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Bench.Loopback;
using SmsAi.Core.Pipeline.Replying;

namespace SmsAi.Tests.Platform.Loopback;

/// <summary>The stand-in for the model does what its name says, against the product's own client.</summary>
public sealed class LoopbackModelTests : IAsyncLifetime
{
    private static readonly ModelRequest Question = new(
        "Be brief.", [new(ModelRole.User, "Hi"), new(ModelRole.Assistant, "Yes?"), new(ModelRole.User, "What's up?")], null, "gpt-4o-mini", 150, 0.7);

    private LoopbackModel _model = null!;

    public async ValueTask InitializeAsync() => _model = await LoopbackModel.StartAsync();

    public ValueTask DisposeAsync() => _model.DisposeAsync();

    [Fact]
    public async Task It_keeps_the_question_and_counts_its_tokens()
    {
        _model.Decide = _ => ModelAct.Answer("Fine.") with { InputTokens = 31, OutputTokens = 2 };

        var answer = (await Client().AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.Answer>();

        (answer.Text, answer.Model, answer.Usage).ShouldBe(("Fine.", "gpt-4o-mini", new ModelUsage(31, 0, 2, 0)));
        _model.Tokens.ShouldBe((31, 2));
        var question = _model.Questions.ShouldHaveSingleItem();
        question.Last.ShouldBe("What's up?");
        question.Turns.ShouldBe([("system", "Be brief."), ("user", "Hi"), ("assistant", "Yes?"), ("user", "What's up?")]);
    }

    [Theory]
    [InlineData("rate")]
    [InlineData("down")]
    [InlineData("reset")]
    [InlineData("half")]
    [InlineData("hang")]
    public async Task Passing_faults_ask_to_come_back(string fault)
    {
        _model.Decide = _ => fault switch
        {
            "rate" => ModelAct.Fail(429, "rate_limit_exceeded", 2),
            "down" => ModelAct.Fail(500, "server_error"),
            "reset" => ModelAct.Reset,
            "half" => ModelAct.Truncated,
            _ => ModelAct.Hang,
        };

        (await Client().AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.RetryLater>();

        _model.Questions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_knows_who_hung_up_and_forgets_no_question_while_away()
    {
        _model.Decide = _ => ModelAct.Hang;
        var client = Client();
        await client.AnswerAsync(Question, default);
        await Until.TrueAsync(() => _model.Questions.Single().IsAbandoned);

        await _model.LeaveAsync();
        (await client.AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.RetryLater>();
        await _model.ReturnAsync();
        _model.Decide = null;

        (await client.AnswerAsync(Question, default)).ShouldBeOfType<ModelResult.Answer>().Text.ShouldBe("Echo: What's up?");
        _model.Questions.Count.ShouldBe(2);
    }

    private IChatModel Client()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([.. _model.Settings(), new("OpenAI:TimeoutSeconds", "1")]).Build();
        return new ServiceCollection().AddLogging().AddReplying(configuration).BuildServiceProvider().GetRequiredService<IChatModel>();
    }
}
