using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Ui;

/// <summary>Toasts: at most three, gone by themselves, faults stay.</summary>
public sealed class ToastsTests : BunitContext
{
    private readonly HandTimers _time = new();

    public ToastsTests()
    {
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddScoped<Toasts>();
    }

    private Toasts Toasts => Services.GetRequiredService<Toasts>();

    [Fact]
    public void Fourth_toast_pushes_the_first_out()
    {
        foreach (var text in new[] { "one", "two", "three", "four" }) Toasts.Show(text);

        Render<ToastHost>().FindAll(".toast > span").Select(toast => toast.TextContent).ShouldBe(["two", "three", "four"]);
    }

    [Fact]
    public void Toast_goes_after_five_seconds_one_with_an_act_after_ten_a_fault_stays()
    {
        Toasts.Show("Saved");
        Toasts.Show("3 people moved", actName: "Undo", act: () => Task.CompletedTask);
        Toasts.Show("Not sent", Tone.Stop);

        _time.Pass(TimeSpan.FromSeconds(6));
        Toasts.Shown.Select(toast => toast.Text).ShouldBe(["3 people moved", "Not sent"]);
        _time.Pass(TimeSpan.FromSeconds(60));
        Toasts.Shown.Select(toast => toast.Text).ShouldBe(["Not sent"]);
    }

    [Fact]
    public async Task Toast_stays_while_pointer_or_focus_is_among_them_and_has_its_whole_time_again()
    {
        Toasts.Show("3 people moved", actName: "Undo", act: () => Task.CompletedTask);
        var host = Render<ToastHost>();
        await host.Find(".toasts").TriggerEventAsync("onfocusin", new FocusEventArgs());

        _time.Pass(TimeSpan.FromSeconds(60));
        host.FindAll(".toast").ShouldHaveSingleItem();
        await host.Find(".toasts").TriggerEventAsync("onfocusout", new FocusEventArgs());
        _time.Pass(TimeSpan.FromSeconds(9));
        host.FindAll(".toast").ShouldHaveSingleItem();
        _time.Pass(TimeSpan.FromSeconds(1));
        host.WaitForAssertion(() => host.FindAll(".toast").ShouldBeEmpty());
    }

    [Fact]
    public void Newest_acts_key_is_u()
    {
        Toasts.Show("3 people moved", actName: "Undo", act: () => Task.CompletedTask);
        Toasts.Show("Tag removed", actName: "Undo", act: () => Task.CompletedTask);
        Toasts.Show("Saved");

        Render<ToastHost>().FindAll("[data-press=u]").ShouldHaveSingleItem().ParentElement!.TextContent.ShouldContain("Tag removed");
    }

    [Fact]
    public void Act_is_done_once_and_takes_its_toast_away()
    {
        var undone = 0;
        Toasts.Show("3 people moved", actName: "Undo", act: () => Task.FromResult(++undone));
        var host = Render<ToastHost>();

        host.Find("button").Click();

        undone.ShouldBe(1);
        host.FindAll(".toast").ShouldBeEmpty();
    }

    /// <summary>A clock whose timers ring when the test moves it.</summary>
    private sealed class HandTimers : TimeProvider
    {
        private readonly List<HandTimer> _timers = [];
        private TimeSpan _now;

        public void Pass(TimeSpan time)
        {
            _now += time;
            foreach (var timer in _timers.Where(timer => timer.Due <= _now).ToList()) timer.Ring();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new HandTimer(this, () => callback(state), _now + dueTime);
            _timers.Add(timer);
            return timer;
        }

        private sealed record HandTimer(HandTimers Owner, Action Callback, TimeSpan Due) : ITimer
        {
            public void Ring()
            {
                if (Owner._timers.Remove(this)) Callback();
            }

            public TimeSpan Due { get; private set; } = Due;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : Owner._now + dueTime;
                return true;
            }

            public void Dispose() => Owner._timers.Remove(this);

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
