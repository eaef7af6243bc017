using System.ComponentModel;
using System.Reflection;

namespace SmsAi.Core.Platform.Scheduling;

/// <summary>A job of the whole cluster: its name for ever, when it runs (cron in UTC, seconds first), and what it does in one sentence.</summary>
public sealed record ScheduledJob(string Name, string Cron, string What)
{
    /// <summary>The sentence stands at the job's class, as its <see cref="DescriptionAttribute"/>.</summary>
    internal static ScheduledJob Of(Type job, string name, string cron) => new(name, cron, WhatOf(job));

    internal static string WhatOf(Type job) => job.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
}
