using Bunit;
using SmsAi.Tests.Platform.Database;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Ui;

/// <summary>One word per state, with a mark, in the colours of the design.</summary>
public sealed class StateWordsTests : BunitContext
{
    [Theory]
    [InlineData("received", "Received", "")]
    [InlineData("held", "Held", "warn")]
    [InlineData("sending", "Sending", "info")]
    [InlineData("uncertain", "Uncertain", "warn")]
    [InlineData("delivered", "Delivered", "ok")]
    [InlineData("undelivered", "Undelivered", "stop")]
    [InlineData("failed", "Failed", "stop")]
    [InlineData("dead_letter", "Dead letter", "stop")]
    [InlineData("DeadLetter", "Dead letter", "stop")]
    [InlineData("opted_out", "Opted out", "")]
    [InlineData("needs_person", "Needs a person", "accent")]
    [InlineData("cancelled", "Cancelled", "")]
    public void State_is_said_by_word_and_mark(string state, string word, string tone)
    {
        var mark = Render<StateMark>(parameters => parameters.Add(component => component.State, state));

        mark.Find(".state").TextContent.ShouldBe(word);
        mark.Find(".state").ClassList.ShouldBe(tone.Length == 0 ? ["state"] : ["state", tone]);
        mark.Find("svg").InnerHtml.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("delivered", "Delivered")]
    [InlineData("<b>odd</b>", "&lt;b&gt;odd&lt;/b&gt;")]
    public void Shared_drawing_says_the_same_and_takes_no_markup_from_a_state(string state, string word) =>
        StateMark.Drawing(state).Value.ShouldEndWith($"</svg><span>{word}</span></span>");

    [Fact]
    public async Task Every_state_of_the_database_has_a_word_of_its_own_choosing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var states = await database.ListAsync<string>("select unnest(enum_range(null::message_state))::text");

        states.ShouldNotBeEmpty();
        states.Where(state => !StateWords.IsNamed(state)).ShouldBeEmpty();
    }

    [Fact]
    public void State_nobody_named_is_shown_as_written_rather_than_hidden() =>
        StateWords.Of("half_baked").Word.ShouldBe("Half baked");
}
