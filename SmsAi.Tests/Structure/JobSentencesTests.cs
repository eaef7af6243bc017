using Quartz;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Scheduling;

namespace SmsAi.Tests.Structure;

/// <summary>Operators read what each job does; a job without its sentence would be a riddle to them.</summary>
public sealed class JobSentencesTests
{
    [Fact]
    public void Every_job_says_in_a_sentence_what_it_does()
    {
        var jobs = typeof(Databases).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IJob).IsAssignableFrom(type)).ToList();

        jobs.Count.ShouldBeGreaterThan(4);
        jobs.Where(job => ScheduledJob.WhatOf(job) is not [_, .., '.']).Select(job => job.Name).ShouldBeEmpty("these lack a [Description(\"…\")] that is a sentence");
    }
}
