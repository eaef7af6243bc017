using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Pipeline.Replying;

namespace SmsAi.Tests.Features.Sandbox;

public sealed class SandboxModelTests
{
    [Theory]
    [InlineData("Hello!", "Hello! I'm the sandbox assistant. Ask me something, or tell me what you need.")]
    [InlineData("When do you OPEN?", "We're open Monday to Friday from 9 to 5. Can I help you with anything else?")]
    [InlineData("the printer is purple", "You said: \"the printer is purple\". Got it, thanks! Anything else?")]
    [InlineData("Is it \"purple\"?", "You asked: \"Is it 'purple'?\". In the sandbox I can't look that up, but a real model would answer here.")]
    // A word within a word is no topic: "this" holds "hi".
    [InlineData("this", "You said: \"this\". Got it, thanks! Anything else?")]
    public void It_answers_the_last_text(string text, string answer) => SandboxModel.Answer([("system", "x"), ("user", text)]).ShouldBe(answer);

    [Fact]
    public void Asked_for_a_shorter_message_it_keeps_the_first_words_that_fit() =>
        SandboxModel.Answer([("system", "You shorten text messages. Say the message you are given in at most 20 characters."), ("user", "Your parcel left, thanks to Ada and Ben.")])
            .ShouldBe("Your parcel left");

    [Fact]
    public void It_remembers_what_was_said_before() =>
        SandboxModel.Answer([("user", "my cat is Tom"), ("assistant", "ok"), ("user", "What did I say before?")])
            .ShouldBe("Before that, you said: \"my cat is Tom\".");

    [Fact]
    public void A_long_text_is_quoted_briefly_and_no_character_is_cut_in_two()
    {
        var answer = SandboxModel.Answer([("user", new string('a', 119) + "😀😀😀")]);

        answer.ShouldBe($"You said: \"{new string('a', 119)}...\". Got it, thanks! Anything else?");
    }

    [Fact]
    public async Task The_ordinary_client_gets_its_answer_with_a_count_of_tokens()
    {
        await using var host = await SandboxHost.StartAsync(("Sandbox:ModelMilliseconds", "0"));

        var result = await host.Model.AnswerAsync(Question("Hi"), default);

        var answer = result.ShouldBeOfType<ModelResult.Answer>();
        answer.Text.ShouldBe("Hello! I'm the sandbox assistant. Ask me something, or tell me what you need.");
        answer.Model.ShouldBe("sandbox");
        answer.Usage.Input.ShouldBeGreaterThan(0);
        answer.Usage.Output.ShouldBe(20);
    }

    [Theory]
    [InlineData(SandboxFault.ModelBusy, typeof(ModelResult.RetryLater))]
    [InlineData(SandboxFault.ModelError, typeof(ModelResult.RetryLater))]
    [InlineData(SandboxFault.ModelHangs, typeof(ModelResult.RetryLater))]
    [InlineData(SandboxFault.ModelSilent, typeof(ModelResult.Empty))]
    public async Task It_fails_as_told(SandboxFault fault, Type expected)
    {
        await using var host = await SandboxHost.StartAsync(("Sandbox:ModelMilliseconds", "0"), ("OpenAI:TimeoutSeconds", "1"));
        await host.State.SetFaultsAsync(null, fault, default);

        (await host.Model.AnswerAsync(Question("Hi"), default)).ShouldBeOfType(expected);
    }

    [Fact]
    public async Task The_system_check_hears_of_the_configured_model_and_of_its_faults()
    {
        await using var host = await SandboxHost.StartAsync(("OpenAI:Model", "gpt-9/large"));
        var well = await host.CheckModelAsync();
        (well.Status, well.Asked, well.Answer).ShouldBe((CheckStatus.Warn, "GET …/models/gpt-9/large", "the sandbox answers"));

        await host.State.SetFaultsAsync(null, SandboxFault.ModelError, default);
        var broken = await host.CheckModelAsync();
        (broken.Status, broken.Answer[..3]).ShouldBe((CheckStatus.Fail, "500"));
    }

    private static ModelRequest Question(string text) => new("Be brief.", [new(ModelRole.User, text)], null, "gpt-4o-mini", 150, 0.7);
}
