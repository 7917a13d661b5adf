-- Evaluation is one large statement, run tens of thousands of times for a handful of guests: planning it anew each
-- time costs more than running it.
do $$
begin
    execute format('alter database %I set plan_cache_mode = force_generic_plan', current_database());
end
$$;
