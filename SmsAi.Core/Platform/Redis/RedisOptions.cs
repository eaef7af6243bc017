using System.ComponentModel.DataAnnotations;

namespace SmsAi.Core.Platform.Redis;

/// <summary>How patiently Redis is asked (section <c>Redis</c>; the address itself is <c>ConnectionStrings:Redis</c>, and without one the service runs without Redis).</summary>
public sealed class RedisOptions
{
    public const string Section = "Redis";

    /// <summary>How long one command may take before the service goes on without its answer. Raise it when Redis is far away.</summary>
    [Range(5, 5000)]
    public int TimeoutMilliseconds { get; set; } = 50;

    /// <summary>After how many failures in a row Redis is left alone until a probe, once a second, finds it well again.</summary>
    [Range(1, 100)]
    public int FailuresToOpen { get; set; } = 5;
}
