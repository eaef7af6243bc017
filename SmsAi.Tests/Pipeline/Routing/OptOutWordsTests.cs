using System.Diagnostics;
using SmsAi.Core.Pipeline.Routing;

namespace SmsAi.Tests.Pipeline.Routing;

/// <summary>Words that stop, start and ask for help, and the many ways people say stop without them.</summary>
public sealed class OptOutWordsTests
{
    [Theory]
    [InlineData("please ")]
    [InlineData("please please please please please please please please stop sending me any more ")]
    [InlineData("stop it now this that please ")]
    [InlineData("dont ever send me any more ")]
    [InlineData("stop\n")]
    [InlineData("ﷺ stop ")]
    [InlineData("e\u0301stop")]
    public void Long_text_is_read_in_no_time(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 64 * 1024 / part.Length));
        var started = Stopwatch.GetTimestamp();

        OptOutWords.Read(text);

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("STOP")]
    [InlineData("stop")]
    [InlineData("Stop.")]
    [InlineData(" stop ")]
    [InlineData("\n\"Stop!!\"\r\n")]
    [InlineData("STOP 🛑")]
    [InlineData("ＳＴＯＰ")]
    [InlineData("s\u200bt\u200bo\u200bp")]
    [InlineData("STOPALL")]
    [InlineData("Stop all")]
    [InlineData("UNSUBSCRIBE")]
    [InlineData("Cancel")]
    [InlineData("END")]
    [InlineData("quit")]
    [InlineData("Revoke")]
    [InlineData("OPTOUT")]
    [InlineData("opt out")]
    [InlineData("Opt-Out.")]
    [InlineData("opt   out")]
    [InlineData("ARRET")]
    [InlineData("Arrêt")]
    [InlineData("ARRÊTE")]
    [InlineData("arrett")]
    public void Stop_words_stop(string body) => OptOutWords.Read(body).ShouldBe(OptOutWord.Stop);

    [Theory]
    [InlineData("START", OptOutWord.Start)]
    [InlineData("unstop", OptOutWord.Start)]
    [InlineData("Yes!", OptOutWord.Start)]
    [InlineData("Help", OptOutWord.Help)]
    [InlineData("INFO?", OptOutWord.Help)]
    [InlineData("aide", OptOutWord.Help)]
    public void Start_and_help_words_are_known(string body, OptOutWord word) => OptOutWords.Read(body).ShouldBe(word);

    [Theory]
    [InlineData("STOP", OptOutWord.Stop)]
    [InlineData("start", OptOutWord.Start)]
    [InlineData("HELP", OptOutWord.Help)]
    [InlineData("", OptOutWord.None)]
    [InlineData("NEW", OptOutWord.None)]
    public void What_the_carrier_recognised_wins(string type, OptOutWord word) => OptOutWords.Read("basta", type).ShouldBe(word);

    [Fact]
    public void Carrier_wins_over_the_text_itself() => OptOutWords.Read("STOP", "HELP").ShouldBe(OptOutWord.Help);

    [Fact]
    public void Yes_is_no_opt_in_on_a_toll_free_number()
    {
        OptOutWords.Read("yes", isTollFree: true).ShouldBe(OptOutWord.None);
        OptOutWords.Read("start", isTollFree: true).ShouldBe(OptOutWord.Start);
    }

    [Theory]
    [InlineData("please stop texting me")]
    [InlineData("Please STOP texting me!!")]
    [InlineData("STOP PLEASE")]
    [InlineData("please stop")]
    [InlineData("stop it")]
    [InlineData("stop stop stop")]
    [InlineData("Hey, can you stop sending me messages?")]
    [InlineData("I told you to stop texting")]
    [InlineData("Thanks for nothing. Don't text me again.")]
    [InlineData("don’t ever contact this number")]
    [InlineData("Do not send me any more texts")]
    [InlineData("no more messages")]
    [InlineData("leave me alone")]
    [InlineData("Remove me from your list")]
    [InlineData("take me off this list, now")]
    [InlineData("remove my phone number")]
    [InlineData("Lose my number")]
    [InlineData("I want to opt out")]
    [InlineData("Please unsubscribe me from these")]
    [InlineData("opt me out of these texts")]
    [InlineData("unsubscribe please")]
    [InlineData("I revoke my consent")]
    [InlineData("quit texting me")]
    [InlineData("Arrêtez de m'envoyer des messages")]
    [InlineData("Ne m’envoyez plus de SMS")]
    [InlineData("plus de messages svp")]
    [InlineData("Désabonnez-moi")]
    public void Free_words_that_mean_stop_are_suspected(string body) => OptOutWords.Read(body).ShouldBe(OptOutWord.Suspected);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("...")]
    [InlineData("hi there")]
    [InlineData("yes please")]
    [InlineData("How do I stop smoking?")]
    [InlineData("Where is the next bus stop")]
    [InlineData("How do I get my ex to stop texting me?")]
    [InlineData("I need to stop texting my ex")]
    [InlineData("Cancel my appointment tomorrow")]
    [InlineData("When does the film end?")]
    [InlineData("I quit my job today")]
    [InlineData("help me with my homework")]
    [InlineData("start a timer")]
    [InlineData("Get me from Berlin to Munich by train")]
    [InlineData("Stop the music at ten, she said. What book is it from?")]
    [InlineData("Can you text me the number of the plumber?")]
    [InlineData("Write a message to my boss that I am ill")]
    [InlineData("Explain opt out versus opt in for organ donation")]
    [InlineData("what is on the list")]
    public void Ordinary_talk_is_left_alone(string body) => OptOutWords.Read(body).ShouldBe(OptOutWord.None);

    [Fact]
    public void Half_a_surrogate_pair_does_no_harm() => OptOutWords.Read("\ud800 stop \udc00").ShouldBe(OptOutWord.Stop);

    [Fact]
    public void Long_texts_full_of_hints_are_read_quickly()
    {
        var body = string.Concat(Enumerable.Repeat("please i want you to stop all the stop please no more ", 300));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var round = 0; round < 10; round++) OptOutWords.Read(body).ShouldBe(OptOutWord.None);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }
}
