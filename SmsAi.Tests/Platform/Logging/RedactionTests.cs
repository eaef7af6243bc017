using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using SmsAi.Core.Platform.Logging;

namespace SmsAi.Tests.Platform.Logging;

/// <summary>What must not reach a log doesn't, and what may stays readable.</summary>
public sealed class RedactionTests
{
    static readonly Redaction Plain = new([]);

    [Theory]
    [InlineData("sent to +15005550987 now", "5005550987")]
    [InlineData("sent to whatsapp:+15005550987", "5005550987")]
    [InlineData("GET /Messages.json?To=%2B15005550987&PageSize=50", "5005550987")]
    [InlineData("GET /Messages.json?PageSize=50&From=15005550987", "5005550987")]
    [InlineData("+1 (500) 555-0987", "0987")]
    [InlineData("+44 20 7946 0958", "0958")]
    [InlineData("{\"to\":\"+4915112345678\"}", "15112345678")]
    [InlineData("/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json", "AC0123456789abcdef0123456789abcdef")]
    [InlineData("key SK0123456789abcdef0123456789abcdef", "SK0123456789abcdef0123456789abcdef")]
    [InlineData("token 0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef")]
    [InlineData("Incorrect API key provided: sk-proj-abcDEF123456789_xyz.", "abcDEF123456789")]
    [InlineData("Host=db;Username=a;Password=hunter2;Database=b", "hunter2")]
    [InlineData("Host=db;Password=\"hunter 2;x\";Database=b", "hunter 2")]
    [InlineData("pwd = hunter2", "hunter2")]
    [InlineData("postgres://ann:hunter2@db/sms", "hunter2")]
    [InlineData("redis://:hunter2@cache:6379", "hunter2")]
    [InlineData("Authorization: Basic QUMwMTIzOmh1bnRlcjI=", "QUMwMTIzOmh1bnRlcjI")]
    [InlineData("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "eyJhbGciOiJIUzI1NiJ9")]
    [InlineData("smsai_live_ab12_Zm9vYmFyYmF6", "Zm9vYmFyYmF6")]
    [InlineData("?Body=meet+me+at+nine&From=1", "meet")]
    public void Secret_is_taken_out(string text, string canary) => Plain.Clean(text).ShouldNotContain(canary);

    /// <summary>Texts that would cost their length squared, if a pattern began anew at each letter.</summary>
    [Theory]
    [InlineData("eyJaaaaaaaa-")]
    [InlineData("sk-aaaaaaaaaaa ")]
    [InlineData("password ")]
    [InlineData("password='")]
    [InlineData("pass=\"'")]
    [InlineData("://a:")]
    [InlineData("://a:b")]
    [InlineData("Bearer a")]
    [InlineData("&To=")]
    [InlineData("+1 () ")]
    [InlineData("+1234567")]
    [InlineData(" ")]
    [InlineData("\u0001")]
    public void Long_text_is_cleaned_in_no_time(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 64 * 1024 / part.Length));
        var started = Stopwatch.GetTimestamp();

        Redaction.OneLine(Plain.Clean(text));

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Text_that_takes_too_long_is_not_shown() =>
        Redaction.OrNothing("hunter2", _ => throw new RegexMatchTimeoutException()).ShouldBe("[redacted]");

    [Theory]
    [InlineData("Message 123456789 sent in 42 ms")]
    [InlineData("SM0123456789abcdef0123456789abcdef delivered")]
    [InlineData("2026-11-20T23:56:19.1234567+00:00")]
    [InlineData("retry in +5 s, 1200 of 5000")]
    [InlineData("rate_limit took 3 ms")]
    [InlineData("GET /sms/status?m=42 responded 200")]
    [InlineData("Passwordless login is off")]
    public void Harmless_text_stays(string text) => Plain.Clean(text).ShouldBe(text);

    [Fact]
    public void Configured_secrets_are_known_whatever_they_look_like()
    {
        var configuration = new ConfigurationManager
        {
            ["Twilio:AuthToken"] = "not-hex-at-all",
            ["OpenAI:ApiKey"] = "local model key",
            ["Admin:Password"] = "correct horse battery",
            ["Privacy:PreviousEncryptionKeys:0"] = "former+base64/key=",
            ["ConnectionStrings:Postgres"] = "Host=h;Username=u;Password=p1s2w3d4",
            ["ConnectionStrings:Redis"] = "cache:6379,password=r1e2d3i4s",
            ["OpenAI:Model"] = "gpt-4o-mini",
            ["SOME_KEY"] = "default",
        };
        var redaction = Redaction.Of(configuration);
        redaction.Clean("a not-hex-at-all b local model key c correct horse battery d former+base64/key= e p1s2w3d4 f r1e2d3i4s")
            .ShouldBe("a [redacted] b [redacted] c [redacted] d [redacted] e [redacted] f [redacted]");
        redaction.Clean("gpt-4o-mini by default").ShouldBe("gpt-4o-mini by default");
    }

    [Theory]
    [InlineData("x\r\n{\"level\":\"Error\"}", "x\\n{\"level\":\"Error\"}")]
    [InlineData("red \u001b[31malert\u001b[0m", "red \\u001b[31malert\\u001b[0m")]
    [InlineData("a\u202eb\u2028c\u0007", "a\\u202eb\\u2028c\\u0007")]
    [InlineData("naïve 日本語 🙂", "naïve 日本語 🙂")]
    public void Text_can_not_leave_its_line(string text, string line) => Redaction.OneLine(text).ShouldBe(line);
}
