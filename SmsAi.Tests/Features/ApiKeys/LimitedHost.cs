using SmsAi.Tests.Platform.Redis;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Features.ApiKeys;

/// <summary>The program with a Redis, where a key may make five requests a minute.</summary>
public sealed class LimitedHost : ProgramHost
{
    public const int PerMinute = 5;

    public TestRedis Redis { get; private set; } = null!;

    protected override async ValueTask<string[]> MoreAsync()
    {
        Redis = await TestRedis.CreateAsync();
        return [$"--ConnectionStrings:Redis={Redis.ConnectionString}", "--Redis:TimeoutMilliseconds=4000", $"--Api:RequestsPerMinute={PerMinute}"];
    }
}
