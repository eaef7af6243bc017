using Microsoft.AspNetCore.Components;
using Radzen;
using SmsAi.Core.Features.Jobs;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Jobs;

/// <summary>Every job with its last and next run, renewed by itself.</summary>
public sealed partial class JobsPage
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private bool _mayAdminister;

    [SupplyParameterFromQuery(Name = "job")] public string? Open { get; set; }

    [Inject] public required JobsModel Model { get; init; }

    [Inject] public required ActingOperator Acting { get; init; }

    [Inject] public required BrowserClock Clock { get; init; }

    [Inject] public required TimeProvider Time { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    [Inject] public required DialogService Dialogs { get; init; }

    [Inject] public required Toasts Toasts { get; init; }

    private string? WhyNot => _mayAdminister ? null : "Only an admin may act on jobs";

    protected override void OnInitialized() => Watch(FollowAsync);

    protected override async Task OnInitializedAsync() => _mayAdminister = await Acting.MayAsync(Rights.CanAdminister);

    private async Task FollowAsync(CancellationToken leaving)
    {
        using var timer = new PeriodicTimer(Every, Time);
        do
        {
            await ReadAsync(Model.LoadAsync);
            StateHasChanged();
        }
        while (await timer.WaitForNextTickAsync(leaving));
    }

    private async Task ActAsync(JobView job, JobAct act)
    {
        if (await JobDialog.OpenAsync(Dialogs, act, job) is not { } outcome) return;
        await ReadAsync(Model.LoadAsync);
        var name = JobWords.Name(job.Name);
        var (text, tone) = (act, outcome) switch
        {
            (_, JobOutcome.NotTaken) => ($"{name} is not run: the scheduler doesn't take it now", Tone.Stop),
            (JobAct.Run, JobOutcome.AlreadySo) => ($"{name} runs already", Tone.Warn),
            (_, JobOutcome.AlreadySo) => ($"{name} was switched so before", Tone.Warn),
            (JobAct.Run, _) => ($"{name} is asked for", Tone.Ok),
            (JobAct.Disable, _) => ($"{name} is switched off", Tone.Ok),
            _ => ($"{name} is switched on", Tone.Ok),
        };
        Toasts.Show(text, tone);
    }

    private string? WhyNotRun(JobView job) => WhyNot ?? (job.Running is null ? null : "It runs already");

    private string PathTo(string? job) => Navigation.GetUriWithQueryParameter("job", job);

    private bool IsToday(DateTimeOffset at) => Clock.ToLocal(at).Date == Clock.Now.Date;
}
